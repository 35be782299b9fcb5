import type { Amount } from '../fhir/quantity.ts'

interface Conversion {
  readonly to: string
  readonly convert: (value: number) => number
}

const centimetresPerInch = 2.54
const kilogramsPerPound = 0.45359237
const inches: Conversion = { to: 'cm', convert: (value) => value * centimetresPerInch }
const pounds: Conversion = { to: 'kg', convert: (value) => value * kilogramsPerPound }
const fahrenheit: Conversion = { to: '°C', convert: (value) => ((value - 32) * 5) / 9 }
const perMinute: Conversion = { to: '/min', convert: (value) => value }

const conversions: Readonly<Record<string, Conversion>> = {
  in: inches,
  in_i: inches,
  inches: inches,
  m: { to: 'cm', convert: (value) => value * 100 },
  lb: pounds,
  lb_av: pounds,
  lbs: pounds,
  g: { to: 'kg', convert: (value) => value / 1000 },
  '°F': fahrenheit,
  degF: fahrenheit,
  'degrees Fahrenheit': fahrenheit,
  C: { to: '°C', convert: (value) => value },
  'beats/minute': perMinute,
  'beats/min': perMinute,
  'breaths/minute': perMinute,
  'breaths/min': perMinute,
  bpm: perMinute,
  'kg/m^2': { to: 'kg/m²', convert: (value) => value },
}

/** The amount in the metric unit of a chart, so that one line holds all its values; unknown units stay as they are. */
export function inChartUnit(amount: Amount): Amount {
  const conversion = conversions[amount.unit ?? '']
  return conversion ? { ...amount, value: conversion.convert(amount.value), unit: conversion.to } : amount
}
