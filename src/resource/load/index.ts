export { type LoadDeps, type LoadProgress, loadFiles } from './load-files.ts'
export { createProgressBar, type Terminal } from './progress-bar.ts'
export type { Place, Refusal } from './refusal.ts'
export { exitCodeOf, formatRefusal, formatReport, type LoadReport } from './report.ts'
