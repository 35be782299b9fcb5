/** A granular scope for laboratory results, and searches that try to find more by it. */

const category = 'http://terminology.hl7.org/CodeSystem/observation-category'
/** The scope. */
export const labs = `patient/Observation.cruds?category=${category}|laboratory`
/** What it has. */
export const admitted: readonly string[] = ['Observation/a-lab', 'Observation/a-lab-draft']

/** Each finds just these, and counts them. */
export const searchesForAll: readonly string[] = [
  'Observation',
  'Observation?category=vital-signs,laboratory',
  'Observation?category:not=nothing',
  'Observation?category:missing=false',
  'Observation?code=718-7&_sort=-date',
  'Observation?_id=a-lab,a-lab-draft,a-vital,b-lab',
  'Observation?patient=a',
  'Observation?subject=Patient/a,Patient/b',
  'Observation?_count=1000&_total=accurate',
  'Patient/a/Observation',
]

/** Each finds nothing. */
export const vainSearches: readonly string[] = [
  'Observation?category=vital-signs',
  'Observation?category:not=laboratory',
  'Observation?_id=a-vital',
  'Observation?patient=b',
  'Patient/b/Observation',
]
