/** Where the organisation has published what it is called and looks like. */
import { z } from 'zod'

/** As it is written: no spaces, which a URL would be read over, and no user name. */
const published = /^https:\/\/[^\s/?#@\\]+(?:\/\S*)?$/

/** `brands:`; default nothing. @see SMART App Launch 2.2, User-access Brands and Endpoints (DISC-21, BRND-17 to BRND-20) */
export const brandsSection = z
  .strictObject({
    /** The address of the Brand Bundle. */
    bundle: z
      .string()
      .refine(
        (text) => published.test(text) && URL.canParse(text),
        'the https address of a Brand Bundle is expected, such as https://hospital.example/brands.json',
      ),
    /** An identifier of the primary brand in it; needed where it has more than one. */
    identifier: z
      .strictObject({
        system: z
          .string()
          .regex(/^[A-Za-z][A-Za-z0-9+.-]*:\S+$/, 'a URI is expected, such as urn:ietf:rfc:3986')
          .optional(),
        value: z.string().min(1),
      })
      .optional(),
  })
  .optional()
