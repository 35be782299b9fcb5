/** A world with two real providers: a hospital's for clinicians, a national one for patients. */

import type { Mailer } from '../../../src/identity/mail/ports.ts'
import {
  type Entry,
  type IdentityProvider,
  type Options,
  startIdentityProvider,
} from '../../fixtures/identity-provider.ts'
import { baseUrl, createWorld, ofPatients, secret, settingsOf, type World } from './world.ts'

export const hospital = 'hospital'
export const national = 'national'

/** Who is in the hospital's directory. */
const staff: readonly (readonly [string, Entry])[] = [
  [
    'wei',
    { npi: '1000000001', name: 'Dr Wei Lin', preferred_username: 'wei.lin', email: 'wei@hospital.example' },
  ],
  ['ada', { npi: '1000000002', name: 'Dr Ada Okafor', preferred_username: 'ada', email: 'local' }],
  ['former', { npi: '1000000003', name: 'Former' }],
  ['twin', { npi: '1000000004', name: 'Twin' }],
  ['porter', { name: 'Porter' }],
]

/** Who is in the national one. */
const citizens: readonly (readonly [string, Entry])[] = [
  ['amara', citizen('Amara', 'Whitfield', '1981-04-02', 'H1')],
  ['bea', citizen('Beatrice', 'MOREAU', '1990-02-03', 'H2')],
  ['unproven', { ...citizen('Amara', 'Whitfield', '1981-04-02', 'H1'), ial: '1' }],
  ['other-birth', citizen('Amara', 'Whitfield', '1981-04-03', 'H1')],
  ['other-name', citizen('Eve', 'Whitfield', '1981-04-02', 'H1')],
  ['other-number', citizen('Amara', 'Whitfield', '1981-04-02', 'H9')],
  ['same', citizen('Ann', 'Twin', '1970-01-01', 'H3')],
  ['gone', citizen('Gus', 'Gone', '1950-05-05', 'H4')],
  ['dead', citizen('Dan', 'Dead', '1940-05-05', 'H5')],
  ['nobody', { email: 'amara@example.org', name: 'Nobody' }],
]

function citizen(given_name: string, family_name: string, birthdate: string, health_number: string): Entry {
  return { given_name, family_name, birthdate, health_number, ial: '2', name: `${given_name} ${family_name}` }
}

export interface RealWorld extends World {
  readonly hospital: IdentityProvider & { readonly directory: Map<string, Entry> }
  readonly national: IdentityProvider & { readonly directory: Map<string, Entry> }
}

/** Opens it; whoever asks for it closes it. */
export async function openReal(
  more: {
    hospital?: object
    national?: object
    amr?: readonly string[]
    acr?: string
    /** How our server proves itself to both. */
    client?: Pick<Options, 'clientBy' | 'clientKey'>
    /** Where letters go; default none is sent. */
    mailer?: Mailer
  } = {},
): Promise<[RealWorld, () => Promise<void>]> {
  let world: World | undefined
  /** Providers call us back in this process. */
  const call: typeof fetch = async (url, init) => {
    const { pathname } = new URL(String(url))
    const reply = await world?.app.inject({
      method: 'POST',
      url: pathname,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: String(init?.body),
    })
    return new Response(reply?.body, { status: reply?.status ?? 500 })
  }
  const start = async (id: string, people: readonly (readonly [string, Entry])[]) => {
    const directory = new Map(people)
    const at = (step: string) => `${baseUrl}/account/providers/${id}/${step}`
    const provider = await startIdentityProvider({
      directory,
      clientId: 'chartkey',
      clientSecret: secret,
      redirectUri: at('callback'),
      backchannelLogoutUri: at('backchannel-logout'),
      postLogoutRedirectUri: `${baseUrl}/account/sign-out`,
      call,
      ...more.client,
      ...(more.amr && { amr: more.amr }),
      ...(more.acr !== undefined && { acr: more.acr }),
    })
    return Object.assign(provider, { directory })
  }
  const ours = await start(hospital, staff)
  const theirs = await start(national, citizens)
  world = await createWorld(
    [
      settingsOf(hospital, ours.issuer, more.hospital),
      settingsOf(national, theirs.issuer, { ...ofPatients, ...more.national }),
    ],
    more.mailer ? { mailer: more.mailer } : {},
  )
  const whole = Object.assign(world, { hospital: ours, national: theirs })
  const close = async () => {
    await whole.close()
    await Promise.all([ours.close(), theirs.close()])
  }
  return [whole, close]
}
