/** `app approve`, `refuse`, `disable`, `enable`, `pre-approve`, `rotate-secret`, `delete`: what an administrator decides. */
import type { RegisteredApp } from '../../authorization/registration/ports.ts'
import type { Registry, StateAct, Trust } from '../../authorization/registration/registry.ts'
import { type Action, countOf, operator, print } from '../actions.ts'
import { existing, told } from './look.ts'

const HOUR = 60 * 60 * 1000
const overlapHours = 24

/** What gives something can say which version it is for: the one that `app show` printed. */
const seeing = { seen: 'string' } as const

function decision(act: StateAct, problem: string, flags: Action<Registry>['flags'] = {}): Action<Registry> {
  return {
    takes: 'ID',
    flags: { json: 'boolean', ...flags },
    async run(registry, given) {
      const [id = ''] = given.args
      existing(await registry.find(id), id)
      print(told(existing(await registry.act(id, act, operator(), given.text('seen')), id, problem)))
    },
  }
}

export const approve = decision('approve', 'does not wait for approval', seeing)
export const refuse = decision('refuse', 'does not wait for approval')
export const disable = decision('disable', 'is not in use')
export const enable = decision('enable', 'was not disabled; what waits is approved', seeing)

function trusting(trust: Trust): Action<Registry> {
  return {
    takes: 'ID',
    flags: { json: 'boolean', off: 'boolean', ...seeing },
    async run(registry, given) {
      const [id = ''] = given.args
      const known = existing(await registry.find(id), id)
      const app = await registry.setTrust(id, trust, !given.isSet('off'), operator(), given.text('seen'))
      print(told(existing(app, id, problemOf(known))))
    },
  }
}

function problemOf({ client }: RegisteredApp): string {
  return client.approval === undefined
    ? 'is public: only an app that authenticates can be trusted so'
    : 'waits or was refused: an app is trusted once it is approved'
}

export const preApprove = trusting('preApproved')
export const smart1 = trusting('smart1')
export const resourceServer = trusting('resourceServer')

export const rotateSecret: Action<Registry> = {
  takes: 'ID',
  flags: { json: 'boolean', 'overlap-hours': 'string', 'end-old-now': 'boolean' },
  async run(registry, given) {
    const [id = ''] = given.args
    const overlap = given.isSet('end-old-now') ? 0 : countOf(given, 'overlap-hours', overlapHours) * HOUR
    existing(await registry.find(id), id)
    const made = existing(await registry.rotateSecret(id, overlap, operator()), id, 'has no secret')
    print({ ...told(made), client_secret: made.secret })
  },
}

export const remove: Action<Registry> = {
  takes: 'ID',
  flags: { json: 'boolean' },
  async run(registry, { args: [id = ''] }) {
    print({ deleted: existing(await registry.remove(id, operator()), id).client.id })
  },
}
