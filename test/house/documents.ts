import { projectFiles, readProjectFile } from './tree.ts'

/** Something a document names, and where it does. */
export interface Mention {
  readonly where: string
  readonly what: string
}

export const documents = projectFiles().filter((path) => path === 'README.md' || /^docs\/.*\.md$/.test(path))

/** Every place where `pattern` (with the g flag and one group) occurs in a document. */
export function mentions(pattern: RegExp): Mention[] {
  return documents.flatMap((path) =>
    readProjectFile(path)
      .split('\n')
      .flatMap((line, index) =>
        [...line.matchAll(pattern)].map((found) => ({ where: `${path}:${index + 1}`, what: found[1]! })),
      ),
  )
}

/** The anchors of a document's headings, as the usual renderers make them. */
export function anchorsOf(path: string): Set<string> {
  const headings = readProjectFile(path).matchAll(/^#{1,6} (.+)$/gm)
  return new Set(
    [...headings].map(([, text]) =>
      text!
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replace(/\s/g, '-'),
    ),
  )
}
