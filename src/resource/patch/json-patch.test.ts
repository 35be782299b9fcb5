/** JSON Patch by the examples of RFC 6902, appendix A, and what nobody may do with it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { applyJsonPatch, parseJsonPatch } from './json-patch.ts'

const apply = (document: unknown, patch: unknown) => applyJsonPatch(document, parseJsonPatch(patch))

const examples: [string, unknown, unknown[], unknown][] = [
  [
    'A.1 add a member',
    { foo: 'bar' },
    [{ op: 'add', path: '/baz', value: 'qux' }],
    { foo: 'bar', baz: 'qux' },
  ],
  [
    'A.2 add an element',
    { foo: ['bar', 'baz'] },
    [{ op: 'add', path: '/foo/1', value: 'qux' }],
    { foo: ['bar', 'qux', 'baz'] },
  ],
  ['A.3 remove a member', { baz: 'qux', foo: 'bar' }, [{ op: 'remove', path: '/baz' }], { foo: 'bar' }],
  [
    'A.4 remove an element',
    { foo: ['bar', 'qux', 'baz'] },
    [{ op: 'remove', path: '/foo/1' }],
    { foo: ['bar', 'baz'] },
  ],
  [
    'A.5 replace',
    { baz: 'qux', foo: 'bar' },
    [{ op: 'replace', path: '/baz', value: 'boo' }],
    { baz: 'boo', foo: 'bar' },
  ],
  [
    'A.6 move a value',
    { foo: { bar: 'baz', waldo: 'fred' }, qux: { corge: 'grault' } },
    [{ op: 'move', from: '/foo/waldo', path: '/qux/thud' }],
    { foo: { bar: 'baz' }, qux: { corge: 'grault', thud: 'fred' } },
  ],
  [
    'A.7 move an element',
    { foo: ['all', 'grass', 'cows', 'eat'] },
    [{ op: 'move', from: '/foo/1', path: '/foo/3' }],
    { foo: ['all', 'cows', 'eat', 'grass'] },
  ],
  [
    'A.8 test',
    { baz: 'qux', foo: ['a', 2, 'c'] },
    [
      { op: 'test', path: '/baz', value: 'qux' },
      { op: 'test', path: '/foo/1', value: 2 },
    ],
    { baz: 'qux', foo: ['a', 2, 'c'] },
  ],
  [
    'A.10 add a nested object',
    { foo: 'bar' },
    [{ op: 'add', path: '/child', value: { grandchild: {} } }],
    { foo: 'bar', child: { grandchild: {} } },
  ],
  [
    'A.11 ignore members nobody knows',
    { foo: 'bar' },
    [{ op: 'add', path: '/baz', value: 'qux', xyz: 123 }],
    { foo: 'bar', baz: 'qux' },
  ],
  [
    'A.14 escapes are read in order',
    { '/': 9, '~1': 10 },
    [{ op: 'test', path: '/~01', value: 10 }],
    { '/': 9, '~1': 10 },
  ],
  [
    'A.16 add behind the last',
    { foo: ['bar'] },
    [{ op: 'add', path: '/foo/-', value: ['abc', 'def'] }],
    { foo: ['bar', ['abc', 'def']] },
  ],
  [
    'a copy is a value of its own',
    { a: { b: 1 } },
    [
      { op: 'copy', from: '/a', path: '/c' },
      { op: 'replace', path: '/c/b', value: 2 },
    ],
    { a: { b: 1 }, c: { b: 2 } },
  ],
  [
    'null is a value',
    { a: null },
    [
      { op: 'test', path: '/a', value: null },
      { op: 'replace', path: '/a', value: 1 },
    ],
    { a: 1 },
  ],
  ['the whole document can be replaced', { a: 1 }, [{ op: 'replace', path: '', value: { b: 2 } }], { b: 2 }],
  [
    'members are equal in any order',
    { a: { b: 1, c: 2 } },
    [{ op: 'test', path: '/a', value: { c: 2, b: 1 } }],
    { a: { b: 1, c: 2 } },
  ],
]

for (const [name, document, patch, expected] of examples)
  test(`RFC 6902 ${name}`, () => {
    const before = structuredClone(document)
    assert.deepEqual(apply(document, patch), expected)
    assert.deepEqual(document, before)
  })

const unfit: [string, unknown, unknown[]][] = [
  ['A.9 a test of another value', { baz: 'qux' }, [{ op: 'test', path: '/baz', value: 'bar' }]],
  ['A.12 add into what is not there', { foo: 'bar' }, [{ op: 'add', path: '/baz/bat', value: 'qux' }]],
  ['A.15 a number is no text', { '~1': 10 }, [{ op: 'test', path: '/~01', value: '10' }]],
  ['an index beyond the list', { a: [1] }, [{ op: 'add', path: '/a/2', value: 1 }]],
  ['an index with a leading zero', { a: [1, 2] }, [{ op: 'remove', path: '/a/01' }]],
  ['remove behind the last', { a: [1] }, [{ op: 'remove', path: '/a/-' }]],
  ['replace what is not there', { a: 1 }, [{ op: 'replace', path: '/b', value: 1 }]],
  ['remove the whole document', { a: 1 }, [{ op: 'remove', path: '' }]],
  ['a member of a text', { a: 'text' }, [{ op: 'add', path: '/a/0', value: 1 }]],
  ['a member that every object has', { a: {} }, [{ op: 'replace', path: '/a/constructor', value: 1 }]],
]

for (const [name, document, patch] of unfit)
  test(`RFC 6902 §5: ${name} does not fit, and nothing of the patch is kept`, () => {
    const before = structuredClone(document)
    assert.throws(() => apply(document, [{ op: 'add', path: '/new', value: 1 }, ...patch]), /Operation 2/)
    assert.deepEqual(document, before)
  })

const malformed: [string, unknown][] = [
  ['no list', {}],
  ['no object', [1]],
  ['A.13 no op', [{ path: '/a', value: 1 }]],
  ['an op that is none', [{ op: 'merge', path: '/a', value: 1 }]],
  ['no path', [{ op: 'remove' }]],
  ['a path without slash', [{ op: 'remove', path: 'a' }]],
  ['a broken escape', [{ op: 'remove', path: '/a~2' }]],
  ['no value', [{ op: 'add', path: '/a' }]],
  ['no from', [{ op: 'copy', path: '/a' }]],
  ['a move into itself', [{ op: 'move', from: '/a', path: '/a/b' }]],
  ['the prototype', [{ op: 'add', path: '/__proto__/polluted', value: 1 }]],
  ['too many operations', Array.from({ length: 1001 }, () => ({ op: 'remove', path: '/a' }))],
]

for (const [name, patch] of malformed)
  test(`RFC 6902 §4: ${name} is no patch`, () => {
    assert.throws(() => parseJsonPatch(patch), { error: 'malformed' })
  })

test('copies of copies stay bounded, in size and in depth', () => {
  const doubling = (from: string, path: string) =>
    Array.from({ length: 100 }, () => ({ op: 'copy', from, path }))
  assert.throws(() => apply({ a: ['x'.repeat(1000)] }, doubling('/a', '/a/-')), { error: 'unpatched' })
  assert.throws(() => apply({ a: {} }, doubling('', '/a/b')), { error: 'unpatched' })
})
