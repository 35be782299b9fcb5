import assert from 'node:assert/strict'
import { test } from 'node:test'
import { layOut, nearest } from './geometry.js'

const SIZE = { width: 300, height: 130 }
const point = (year: number, number: number) => ({
  concept: {},
  moment: { at: new Date(year, 0, 1).getTime(), precision: 'day' as const },
  number,
  text: String(number),
  unit: '',
  flag: '' as const,
})
const series = (numbers: readonly number[], range?: { low?: number; high?: number; text: string }) => ({
  key: 'k',
  title: 'T',
  unit: '',
  order: 0,
  lines: [{ name: '', rank: 0, points: numbers.map((number, index) => point(2000 + index, number)) }],
  ...(range && { range }),
})

test('every reading lies inside the plot', () => {
  const plot = layOut(series([3, 9, 4, 7]), SIZE)
  assert.equal(plot.stops.length, 4)
  for (const { x, ys } of plot.stops) {
    assert.ok(x >= plot.left && x <= plot.right)
    assert.ok(ys.every((y) => y !== undefined && y >= plot.top && y <= plot.bottom))
  }
})

test('higher numbers lie higher', () => {
  const [low, high] = layOut(series([1, 2]), SIZE).stops
  assert.ok((low?.ys[0] ?? 0) > (high?.ys[0] ?? 0))
})

test('the reference band is shown whole when it does not flatten the line', () => {
  const plot = layOut(series([3, 5], { low: 3.5, high: 5.1, text: '' }), SIZE)
  assert.ok(plot.band && plot.band.top > plot.top && plot.band.bottom < plot.bottom)
})

test('a band far wider than the readings is cut at the edge of the plot', () => {
  const plot = layOut(series([100, 101], { low: 0, high: 1000, text: '' }), SIZE)
  assert.deepEqual(plot.band, { top: plot.top, bottom: plot.bottom })
})

test('a range open at one side reaches the edge', () => {
  const plot = layOut(series([50, 70], { low: 60, text: '' }), SIZE)
  assert.equal(plot.band?.top, plot.top)
})

test('the nearest reading is found, and none among none', () => {
  const { stops } = layOut(series([1, 2, 3]), SIZE)
  assert.equal(nearest(stops, 0), 0)
  assert.equal(nearest(stops, 160), 1)
  assert.equal(nearest(stops, 999), 2)
  assert.equal(nearest([], 5), -1)
})
