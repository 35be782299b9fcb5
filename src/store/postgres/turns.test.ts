import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openEmpty } from '../../../test/fixtures/databases.ts'
import type { Sql, SqlWriter } from '../sql.ts'
import { openPostgres } from './sql.ts'

const turn = { inTurn: 'notes' }

async function withNotes(run: (notes: Notes) => Promise<void>): Promise<void> {
  const sql = await openEmpty('PostgreSQL')
  await sql.write((tx) => tx.script('CREATE TABLE notes (text TEXT PRIMARY KEY, at INTEGER) STRICT'))
  await run(notesOf(sql))
}

interface Notes {
  readonly sql: Sql
  readonly insert: (text: string) => (tx: SqlWriter) => Promise<unknown>
  /** Adds a row that is not sent before it has to be. */
  readonly add: (text: string) => (tx: SqlWriter) => Promise<void>
  readonly texts: () => Promise<string[]>
}

function notesOf(sql: Sql): Notes {
  return {
    sql,
    insert: (text) => (tx) => tx.run('INSERT INTO notes (text) VALUES (?)', text),
    add: (text) => (tx) => tx.addAll('notes', ['text'], [[text]]),
    texts: async () =>
      (await sql.all<{ text: string }>('SELECT text FROM notes ORDER BY text')).map(({ text }) => text),
  }
}

/** Which transaction it is that asks. */
async function transactionOf(tx: SqlWriter): Promise<string> {
  const row = await tx.get<{ id: string }>('SELECT pg_current_xact_id()::text AS id')
  return row?.id ?? ''
}

/** Work that other work waits for. */
function gate(): { readonly open: () => void; readonly pass: Promise<void> } {
  const { promise: pass, resolve: open } = Promise.withResolvers<void>()
  return { open, pass }
}

const ofAll = (outcomes: readonly PromiseSettledResult<unknown>[]) => outcomes.map(({ status }) => status)

test('work that waits for the same turn shares a transaction, and another turn or a transaction of its own does not', () =>
  withNotes(async ({ sql }) => {
    const ids = await Promise.all([
      ...[1, 2, 3].map(() => sql.write(transactionOf, turn)),
      sql.write(transactionOf, { inTurn: 'others' }),
      sql.write(transactionOf, { ...turn, alone: true }),
      sql.write(transactionOf),
    ])
    assert.equal(new Set(ids.slice(0, 3)).size, 1)
    assert.equal(new Set(ids).size, 4)
  }))

test('nobody is told before the commit, and what comes meanwhile is one group', () =>
  withNotes(async ({ sql, add, texts }) => {
    const { open, pass } = gate()
    const told: string[] = []
    const first = sql.write(add('a'), turn).then(() => told.push('a'))
    const begun = gate()
    const second = sql.write(async (tx) => {
      begun.open()
      await pass
      return transactionOf(tx)
    }, turn)
    await begun.pass
    const later = [1, 2].map(() => sql.write(transactionOf, turn))
    assert.deepEqual(await texts(), [])
    assert.deepEqual(told, [])
    open()
    await first
    assert.deepEqual(await texts(), ['a'])
    const [one, other] = await Promise.all(later)
    assert.equal(one, other)
    assert.notEqual(one, await second)
  }))

test('a piece sees what those before it did, and what fails is undone alone with all that it added', () =>
  withNotes(async ({ sql, insert, add, texts }) => {
    const outcomes = await Promise.allSettled([
      sql.write(insert('a'), turn),
      sql.write(async (tx) => {
        await add('never sent')(tx)
        throw new Error('no further')
      }, turn),
      sql.write(async (tx) => {
        await insert('undone')(tx)
        await add('undone too')(tx)
        assert.equal((await tx.all('SELECT text FROM notes')).length, 3)
        throw new Error('no further')
      }, turn),
      sql.write(add('b'), turn),
      sql.write((tx) => tx.all('SELECT text FROM notes ORDER BY text'), turn),
    ])
    assert.deepEqual(ofAll(outcomes), ['fulfilled', 'rejected', 'rejected', 'fulfilled', 'fulfilled'])
    assert.deepEqual(outcomes[4], { status: 'fulfilled', value: [{ text: 'a' }, { text: 'b' }] })
    assert.match(String((outcomes[1] as PromiseRejectedResult).reason), /no further/)
    assert.deepEqual(await texts(), ['a', 'b'])
  }))

test('work that may is under way beside other such work, and other work comes between', () =>
  withNotes(async ({ sql, insert, texts }) => {
    const seen: string[] = []
    const meeting = [gate(), gate()] as const
    /** Does not end before the other has begun. */
    const meet = (mine: 0 | 1, text: string) => async (tx: SqlWriter) => {
      await insert(text)(tx)
      meeting[mine].open()
      await meeting[mine === 0 ? 1 : 0].pass
      seen.push(text)
    }
    const look = async (tx: SqlWriter) => {
      seen.push(`${(await tx.all('SELECT text FROM notes')).length} of`)
    }
    const beside = { ...turn, beside: true }
    await Promise.all([
      sql.write(meet(0, 'a'), beside),
      sql.write(meet(1, 'b'), beside),
      sql.write(look, turn),
      sql.write(insert('c'), beside),
      sql.write(look, turn),
    ])
    assert.deepEqual(seen.toSorted(), ['2 of', '3 of', 'a', 'b'])
    assert.deepEqual(seen.slice(2), ['2 of', '3 of'])
    assert.deepEqual(await texts(), ['a', 'b', 'c'])
  }))

test('what fails beside others is undone alone, and nobody is told before all are over', () =>
  withNotes(async ({ sql, insert, add, texts }) => {
    const beside = { ...turn, beside: true }
    const { open, pass } = gate()
    const over: string[] = []
    const outcomes = await Promise.allSettled([
      sql.write(insert('a'), beside).finally(() => over.push('a')),
      sql
        .write(async (tx) => {
          await insert('half')(tx)
          open()
          throw new Error('no further')
        }, beside)
        .finally(() => over.push('half')),
      sql.write(async (tx) => {
        await insert('b')(tx)
        await pass
        assert.deepEqual(over, [])
      }, beside),
      sql.write(add('a'), beside),
      sql.write(add('c'), beside),
    ])
    assert.deepEqual(ofAll(outcomes), ['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled'])
    assert.match(String((outcomes[1] as PromiseRejectedResult).reason), /no further/)
    assert.deepEqual(await texts(), ['a', 'b', 'c'])
  }))

test('a row that is there already is the failure of the piece that added it, whenever it was sent', () =>
  withNotes(async ({ sql, add, texts }) => {
    const twice = (text: string) => sql.write(add(text), turn)
    for (const last of [[], ['c']]) {
      const outcomes = await Promise.allSettled(['a', 'b', 'a', ...last].map(twice))
      assert.equal((outcomes[2] as PromiseRejectedResult).reason.code, '23505')
      if (last.length > 0) assert.deepEqual(outcomes.at(-1), { status: 'fulfilled', value: undefined })
    }
    assert.deepEqual(await texts(), ['a', 'b', 'c'])
  }))

test('a refusal that the work keeps to itself undoes it all the same', () =>
  withNotes(async ({ sql, insert, texts }) => {
    const hide = async (tx: SqlWriter) => {
      await insert('half')(tx)
      await tx.run('INSERT INTO nowhere (text) VALUES (?)', 'x').catch(() => undefined)
    }
    for (const after of [[], ['a']]) {
      const outcomes = await Promise.allSettled([
        sql.write(hide, turn),
        ...after.map((text) => sql.write(insert(text), turn)),
      ])
      assert.deepEqual(ofAll(outcomes), ['rejected', ...after.map(() => 'fulfilled')])
    }
    assert.deepEqual(await texts(), ['a'])
  }))

test('a writer is of no use when its piece is over', () =>
  withNotes(async ({ sql, insert, texts }) => {
    let late: SqlWriter | undefined
    const failed = async (tx: SqlWriter) => {
      late = tx
      throw new Error('no further')
    }
    for (const work of [async (tx: SqlWriter) => (late = tx), failed]) {
      await Promise.allSettled([
        sql.write(work, turn),
        sql.write(async () => {
          if (late) await assert.rejects(insert('late')(late), /the transaction is over/)
        }, turn),
      ])
    }
    assert.deepEqual(await texts(), [])
  }))

test('when the connection breaks all of the group are told of failure, and the next has another', () =>
  withNotes(async ({ sql, insert, texts }) => {
    const outcomes = await Promise.allSettled([
      sql.write(insert('a'), turn),
      sql.write((tx) => tx.get('SELECT pg_terminate_backend(pg_backend_pid())'), turn),
    ])
    assert.deepEqual(ofAll(outcomes), ['rejected', 'rejected'])
    assert.deepEqual(await texts(), [])
    await sql.write(insert('b'), turn)
    assert.deepEqual(await texts(), ['b'])
  }))

test('why one failed is not told to others, also when the connection breaks at once', () =>
  withNotes(async ({ sql, insert, texts }) => {
    const outcomes = await Promise.allSettled([
      sql.write(insert('a'), turn),
      sql.write(async (tx) => {
        await tx.get('SELECT pg_terminate_backend(pg_backend_pid())').catch(() => undefined)
        throw new Error('of one')
      }, turn),
    ])
    assert.deepEqual(ofAll(outcomes), ['rejected', 'rejected'])
    for (const outcome of outcomes)
      assert.doesNotMatch(String((outcome as PromiseRejectedResult).reason), /of one/)
    assert.deepEqual(await texts(), [])
  }))

test('when the connection of a transaction without a turn breaks only that transaction fails', () =>
  withNotes(async ({ sql, insert, texts }) => {
    const broken = sql.write(async (tx) => {
      await insert('a')(tx)
      await tx.get('SELECT pg_terminate_backend(pg_backend_pid())')
    })
    const outcomes = await Promise.allSettled([broken, sql.write(insert('b'))])
    assert.deepEqual(ofAll(outcomes), ['rejected', 'fulfilled'])
    assert.deepEqual(await texts(), ['b'])
  }))

/** COMMIT is refused with this state, so often. */
async function refuseCommits(sql: Sql, state: string, times: number): Promise<void> {
  await sql.write((tx) =>
    tx.script(`
      CREATE SEQUENCE commits;
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF nextval('commits') <= ${times} THEN RAISE EXCEPTION 'refused' USING ERRCODE = '${state}'; END IF;
          RETURN NULL;
        END $$;
      CREATE CONSTRAINT TRIGGER refusal AFTER INSERT ON notes DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION refuse()`),
  )
}

test('when the commit is refused nobody is told of success, and nothing is kept', () =>
  withNotes(async ({ sql, insert, add, texts }) => {
    await refuseCommits(sql, '53100', 2)
    const outcomes = await Promise.allSettled([sql.write(insert('a'), turn), sql.write(add('b'), turn)])
    assert.deepEqual(
      outcomes.map((outcome) => (outcome as PromiseRejectedResult).reason.code),
      ['53100', '53100'],
    )
    assert.deepEqual(await texts(), [])
  }))

test('when the commit meets another all of the group are done again', () =>
  withNotes(async ({ sql, insert, add, texts }) => {
    await refuseCommits(sql, '40001', 2)
    await Promise.all([sql.write(insert('a'), turn), sql.write(add('b'), turn)])
    assert.deepEqual(await texts(), ['a', 'b'])
  }))

test('a group has an end, however many wait', () =>
  withNotes(async ({ sql }) => {
    const ids = await Promise.all(Array.from({ length: 120 }, () => sql.write(transactionOf, turn)))
    const sizes = Map.groupBy(ids, (id) => id)
    assert.ok(sizes.size >= 3)
    for (const [, { length }] of sizes) assert.ok(length <= 50, String(length))
  }))

test('whoever waits for a row lets others of the turn go by, and is done when it is free', () =>
  withNotes(async ({ sql, insert, texts }) => {
    await sql.write(insert('held'))
    const { open, pass } = gate()
    const held = gate()
    const holding = sql.write(async (tx) => {
      await tx.run('UPDATE notes SET at = 1 WHERE text = ?', 'held')
      held.open()
      await pass
    })
    await held.pass
    const waiting = sql.write((tx) => tx.run('UPDATE notes SET at = at + 1 WHERE text = ?', 'held'), turn)
    await Promise.all(['a', 'b'].map((text) => sql.write(insert(text), turn)))
    assert.deepEqual(await texts(), ['a', 'b', 'held'])
    open()
    await Promise.all([holding, waiting])
    assert.deepEqual(await sql.get('SELECT at FROM notes WHERE text = ?', 'held'), { at: 2 })
  }))

test('a piece and a transaction without a turn that want each other’s rows are both done', () =>
  withNotes(async ({ sql, insert }) => {
    for (const text of ['one', 'other']) await sql.write(insert(text))
    const raise = (tx: SqlWriter, text: string) =>
      tx.run('UPDATE notes SET at = coalesce(at, 0) + 1 WHERE text = ?', text)
    const [first, second] = [gate(), gate()]
    await Promise.all([
      sql.write(async (tx) => {
        await raise(tx, 'one')
        first.open()
        await second.pass
        await raise(tx, 'other')
      }, turn),
      sql.write(async (tx) => {
        await raise(tx, 'other')
        second.open()
        await first.pass
        await raise(tx, 'one')
      }),
    ])
    assert.deepEqual(await sql.all('SELECT at FROM notes'), [{ at: 2 }, { at: 2 }])
  }))

test('where the turn cannot be had, all that wait are told', async () => {
  const sql = openPostgres('postgres://127.0.0.1/nowhere')
  await sql.close()
  const outcomes = await Promise.allSettled(Array.from({ length: 120 }, () => sql.write(transactionOf, turn)))
  assert.deepEqual(new Set(ofAll(outcomes)), new Set(['rejected']))
})
