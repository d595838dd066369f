import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'

/** Writes a file that only its owner can read. It is there whole and on the disk, or not at all. */
export function writeSecretFile(file: string, content: string): 'written' | 'exists' {
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  const descriptor = openSync(draft, 'wx', 0o600)
  try {
    writeFileSync(descriptor, content)
    fsyncSync(descriptor)
    // A link never replaces: of two processes that make the same key, one wins and both use that one.
    linkSync(draft, file)
    return 'written'
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return 'exists'
    throw error
  } finally {
    closeSync(descriptor)
    rmSync(draft)
  }
}

/** Puts a new content in the place of an old one, which is there whole until the new one is. For its owner only. */
export function replaceFile(file: string, content: string): void {
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  const descriptor = openSync(draft, 'wx', 0o600)
  try {
    writeFileSync(descriptor, content)
    fsyncSync(descriptor)
    renameSync(draft, file)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  } finally {
    closeSync(descriptor)
  }
  const folder = openSync(dirname(file), 'r')
  fsyncSync(folder)
  closeSync(folder)
}

/** The secret in this file, which is made first where there is none. */
export function readOrMakeSecret(file: string, make: () => string): string {
  const found = readSecretFile(file)
  if (found !== null) return found
  writeSecretFile(file, `${make()}\n`)
  const made = readSecretFile(file)
  if (made === null) throw new Error(`${file} could not be made`)
  return made
}

export function readSecretFile(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
