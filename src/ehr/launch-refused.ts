/** Why a launch was not started; a page turns the reason into words. */
export type LaunchRefusal =
  | 'no-launch-address'
  | 'bad-context'
  | 'unknown-patient'
  | 'unknown-encounter'
  | 'encounter-of-another'
  | 'unknown-reference'
  | 'reference-of-another'
  | 'references-disagree'

/** A launch that was refused; `member` is the wrong one by its wire name, `detail` is for the audit trail only. */
export class LaunchRefused extends Error {
  readonly reason: LaunchRefusal
  readonly member: string
  readonly detail: string

  constructor(reason: LaunchRefusal, member: string, detail: string) {
    super(reason)
    this.name = 'LaunchRefused'
    this.reason = reason
    this.member = member
    this.detail = detail
  }
}
