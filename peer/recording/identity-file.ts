/**
 * Reads a private key of an auditor as it is kept in a file: one line that starts with `AGE-SECRET-KEY-1`, comments
 * with `#` around it. Throws a RangeError with a sentence for the person who brought the file.
 */
export function readIdentityFile(text: string): string {
  const lines = text.split(/\r?\n/).map((line) => line.trim())
  const identities = lines.filter((line) => line !== '' && !line.startsWith('#'))
  if (identities.length !== 1)
    throw new RangeError(`expected one key in the file, found ${identities.length}`)
  if (!identities[0]!.startsWith('AGE-SECRET-KEY-1'))
    throw new RangeError('the key in the file does not begin with AGE-SECRET-KEY-1')
  return identities[0]!
}
