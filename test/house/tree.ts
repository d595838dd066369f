import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Every file of the project, tracked or about to be, as paths from the root. Ignored and deleted ones are not. */
export function projectFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  return [...new Set(listed.split('\0'))].filter((path) => path !== '' && existsSync(ROOT + path)).sort()
}

export function readProjectFile(path: string): string {
  return readFileSync(ROOT + path, 'utf8')
}

export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

/** Everything in `text` that `pattern` (with the g flag) finds, as `path:line: what was found`. */
export function findings(path: string, text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(
    (found) => `${path}:${lineAt(text, found.index)}: ${found[0].trim()}`,
  )
}
