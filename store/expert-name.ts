/** As it is stored and shown: one Unicode form, no stray spaces. */
export function tidyName(name: string): string {
  return name.normalize('NFC').trim().replace(/\s+/g, ' ')
}

/** As it is compared: names that differ only in case or width are the same person. */
export function nameKey(name: string): string {
  return tidyName(name).normalize('NFKC').toLowerCase()
}
