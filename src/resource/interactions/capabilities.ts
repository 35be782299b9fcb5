/** Answers what this server can do, to anybody (CORS-01). Nothing about a patient is in it. @see FHIR R4 http, capabilities */
import { fhirHeaders } from '../outcomes.ts'
import type { Handler, Prepared } from './handler.ts'

export const capabilities: Handler<'capabilities'> = async (exchange, services): Promise<Prepared> => {
  const statement = await services.capabilityStatement()
  const body = exchange.preferences.pretty ? JSON.stringify(JSON.parse(statement), null, 2) : statement
  const headers = { ...fhirHeaders, 'cache-control': 'public, max-age=300' }
  return {
    status: 200,
    touched: { patients: [], resources: [] },
    finish: () => ({ status: 200, headers, body }),
  }
}
