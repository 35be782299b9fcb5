import type { Random } from './random.ts'

/** Where a household lives and how it is reached. */
export interface Home {
  readonly address: Readonly<Record<string, unknown>>
  readonly landline: string
}

const DISTRICTS: readonly (readonly [district: string, city: string, postalCode: string])[] = [
  ['Daan District', 'Taipei City', '106'],
  ['Xinyi District', 'Taipei City', '110'],
  ['Shilin District', 'Taipei City', '111'],
  ['Tamsui District', 'New Taipei City', '251'],
  ['Banqiao District', 'New Taipei City', '220'],
  ['Xindian District', 'New Taipei City', '231'],
  ['Zhongli District', 'Taoyuan City', '320'],
  ['East District', 'Hsinchu City', '300'],
]
const STREETS = [
  'Heron',
  'Camphor',
  'Lantern',
  'Ferry',
  'Osmanthus',
  'Banyan',
  'Old Mill',
  'Plum Blossom',
  'Harbour',
  'Tea Merchant',
]

/** An invented home; the telephone numbers are in no use. */
export function pickHome(random: Random): Home {
  const [district, city, postalCode] = random.pick(DISTRICTS)
  const floor = random.chance(0.7) ? `, ${random.int(2, 14)}F` : ''
  const line = `No. ${random.int(1, 260)}, ${random.pick(STREETS)} Road${floor}`
  return {
    address: { use: 'home', type: 'both', line: [line], city, district, postalCode, country: 'TW' },
    landline: `+886-2-5550-${random.int(1000, 9999)}`,
  }
}

/** An invented mobile number. */
export function pickMobile(random: Random): string {
  return `+886-900-55${random.int(0, 9)}-${String(random.int(0, 999)).padStart(3, '0')}`
}
