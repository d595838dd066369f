import { join } from 'node:path'

/** The two files of a recording: its entries, and the wrapped keys under their expiry key [R6]. */
export function recordingPaths(directory: string, sessionId: string): { entries: string; wraps: string } {
  if (!/^[A-Za-z0-9_-]{22}$/.test(sessionId)) throw new TypeError('not a session id')
  return { entries: join(directory, `${sessionId}.rec`), wraps: join(directory, `${sessionId}.wraps`) }
}

/** `.wraps.new`: what a crash left of wraps that were being written. */
const FILE_NAME = /^([A-Za-z0-9_-]{22})\.(rec|wraps|wraps\.new)$/

/** Whose file this is; undefined for a name that is none of a recording's. */
export function readRecordingName(name: string): { sessionId: string; isWraps: boolean } | undefined {
  const [, sessionId, part] = FILE_NAME.exec(name) ?? []
  return sessionId === undefined ? undefined : { sessionId, isWraps: part === 'wraps' }
}
