export type { GenerateOptions } from './generate.ts'
export { generate } from './generate.ts'
export type { SandboxAccount } from './sandbox/accounts.ts'
export { sandboxPeople } from './sandbox/index.ts'
