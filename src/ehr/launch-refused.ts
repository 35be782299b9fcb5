/** Why a launch was not started; a page turns the reason into words. */
export type LaunchRefusal =
  | 'no-launch-address'
  | 'bad-context'
  | 'unknown-patient'
  | 'unknown-encounter'
  | 'encounter-of-another'

/** A launch that was refused; `detail` is for the audit trail only. */
export class LaunchRefused extends Error {
  readonly reason: LaunchRefusal
  readonly detail: string

  constructor(reason: LaunchRefusal, detail: string) {
    super(reason)
    this.name = 'LaunchRefused'
    this.reason = reason
    this.detail = detail
  }
}
