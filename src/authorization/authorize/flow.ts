/**
 * One running authorization, from the verified request to the code. It waits in the store while the user is at our
 * pages; a cross-site request can start one, and only the session that it is bound to can move it.
 *
 *   signing-in ──> choosing ──> consenting ──> finished
 *        │             │             │            ^
 *        └─────────────┴─────────────┴────────────┘   (declined, refused, or nothing left to ask)
 *
 * `signing-in` stays in itself when the EHR launch is taken and when a stronger sign-in is asked for; `choosing` from patient to encounter, and is skipped when
 * the context is known.
 */
import type { LaunchContext } from '../../smart/context.ts'
import type { ChosenItem } from './context-owed.ts'
import type { AuthorizationRequest } from './request.ts'

export type FlowState = 'signing-in' | 'choosing' | 'consenting' | 'finished'

const moves: Readonly<Record<FlowState, readonly FlowState[]>> = {
  'signing-in': ['signing-in', 'choosing', 'consenting', 'finished'],
  choosing: ['choosing', 'consenting', 'finished'],
  consenting: ['finished'],
  finished: [],
}

/** The answer to the app, at rest. */
export interface KeptAnswer {
  readonly sealed: string
  /** Milliseconds since 1970. */
  readonly until: number
  /** The code that it holds, as the store knows it. */
  readonly codeHash?: string
  /** The person said no; without this and without a code the flow ended by itself. */
  readonly denied?: true
}

export interface Flow {
  /** SHA-256 of the id in the page's address. */
  readonly hash: string
  readonly state: FlowState
  readonly request: AuthorizationRequest
  /** Of an EHR launch: the hash of its handle, which is taken as soon as the user is known. */
  readonly launchHash?: string
  /** Of an EHR launch that was taken: the user it belongs to. */
  readonly launchUserId?: string
  /** The session that took it up; from then on no other can continue it. */
  readonly sessionId?: string
  /** What is known so far. */
  readonly context: LaunchContext
  /** The encounter question was answered, with or without an encounter. */
  readonly encounterAsked?: boolean
  /** A stronger sign-in was asked for once; the app gets what came of it. */
  readonly stepUpAsked?: boolean
  /** The `launch/…` scopes of other types whose question was answered. */
  readonly asked?: readonly string[]
  /** What it was answered with; the app is told as far as the scope is granted. */
  readonly chosen?: readonly ChosenItem[]
  /** Of a flow that has finished: what came of it, for who sends the same again. */
  readonly answer?: KeptAnswer
  readonly createdAt: number
  readonly expiresAt: number
}

/** Whether a flow may go from one state to the other. */
export function isLegalMove(from: FlowState, to: FlowState): boolean {
  return moves[from].includes(to)
}

/** The flow in its next state; an illegal move is a fault of ours and throws. */
export function moved(flow: Flow, state: FlowState, learned: Partial<Flow> = {}): Flow {
  if (!isLegalMove(flow.state, state)) throw new Error(`no move from ${flow.state} to ${state}`)
  return { ...flow, ...learned, state }
}

/** Whether the EHR started this. */
export function isEhrLaunch(flow: Flow): boolean {
  return flow.launchHash !== undefined
}
