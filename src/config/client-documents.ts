import { z } from 'zod'

const HOST = /^(?!-)[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?$/

/** `clientIdMetadataDocuments`: apps whose `client_id` is the address of what they say of themselves. */
export const clientDocumentsSection = z
  .strictObject({
    /** Off by default; the sandbox has them on. */
    enabled: z.boolean().optional(),
    /** Hosts (with a port, if it is not 443) whose apps no administrator has to look at. */
    trust: z
      .array(z.string().regex(HOST, 'a host in lower case is expected, such as apps.example.org'))
      .default([]),
    /** The most that an app of a trusted host may ask for. */
    scope: z
      .string()
      .min(1)
      .default('launch openid fhirUser profile offline_access online_access patient/*.rs user/*.rs'),
  })
  .prefault({})
