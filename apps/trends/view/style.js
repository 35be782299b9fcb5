/** The look of the EHR around the app, where it tells of one (`smart_style_url`); everything is optional, and nothing is trusted. */

/** Which value of the style document sets which of ours; colours only by day, for there is no dark style to be told of. */
const ALWAYS = { dim_border_radius: '--radius', font_family_body: 'font-family' }
const BY_DAY = { color_background: '--paper', color_highlight: '--accent', color_text: '--ink' }

/** Values with nothing but a value in them. */
const FORMS = {
  color: /^#(?:[\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/i,
  dim: /^\d{1,3}(?:\.\d{1,4})?(?:px|rem|em)$/,
  font: /^[\w\s,'"-]{1,400}$/,
}

/**
 * What of a style document can be used, as CSS properties.
 * @param {unknown} style
 * @param {boolean} dark
 * @returns {[property: string, value: string][]}
 */
export function usable(style, dark) {
  if (!style || typeof style !== 'object') return []
  const members = /** @type {Record<string, unknown>} */ (style)
  return Object.entries({ ...ALWAYS, ...(dark ? {} : BY_DAY) }).flatMap(([member, property]) => {
    const value = members[member]
    const form = FORMS[/** @type {keyof typeof FORMS} */ (member.split('_', 1)[0])]
    return typeof value === 'string' && form.test(value) ? [[property, value]] : []
  })
}

/**
 * Takes the style on, if there is one that can be had; without it the app looks as it always does.
 * @param {unknown} url
 */
export async function takeOn(url) {
  if (typeof url !== 'string') return
  try {
    const reply = await fetch(url)
    const style = reply.ok ? await reply.json() : undefined
    const dark = matchMedia('(prefers-color-scheme: dark)').matches
    for (const [property, value] of usable(style, dark)) {
      document.documentElement.style.setProperty(property, value)
    }
  } catch {
    // A style that is not there is no trouble.
  }
}
