import { dirname, join } from 'node:path/posix'
import ts from 'typescript'
import { lineAt, projectFiles, readProjectFile } from './tree.ts'

/** One import as it is written, static or dynamic, of a value or of a type, or a worker's file. */
export interface Import {
  readonly file: string
  readonly line: number
  readonly specifier: string
  /** Path from the root for one of our own files, else null. */
  readonly ownFile: string | null
  /** The npm package or `node:` module, else null. */
  readonly packageName: string | null
  /** It may come after the start, so it may name what is not installed yet. */
  readonly isDynamic: boolean
}

const SOURCE = /\.(ts|mjs|js|svelte)$/
const SCRIPT = /(<script\b[^>]*>)([\s\S]*?)<\/script>/g
const WORKER = /new URL\(\s*['"]([^'"]+)['"]\s*,\s*import\.meta\.url\s*\)/g
/** An import whose target only the running program knows would pass by every arrow. */
const COMPUTED = /\bimport\((?!\s*['"`/])\s*[^)]*\)/g

export function importsOf(file: string, text = readProjectFile(file)): Import[] {
  return scriptsOf(file, text).flatMap(({ code, start }) => {
    const written = ts.preProcessFile(code, true, true).importedFiles.map(({ fileName, pos }) => ({
      specifier: fileName,
      at: pos,
      isDynamic: /\b(import|require)\s*\(\s*['"]?$/.test(code.slice(0, pos)),
    }))
    const workers = [...code.matchAll(WORKER)]
      .filter((found) => SOURCE.test(found[1]!))
      .map((found) => ({ specifier: found[1]!, at: found.index, isDynamic: true }))
    return [...written, ...workers].map(({ specifier, at, isDynamic }) => ({
      file,
      line: lineAt(text, start + at),
      specifier,
      ownFile: ownFileOf(file, specifier),
      packageName: packageNameOf(specifier),
      isDynamic,
    }))
  })
}

export function computedImportsOf(file: string, text = readProjectFile(file)): string[] {
  return scriptsOf(file, text).flatMap(({ code, start }) =>
    [...code.matchAll(COMPUTED)].map((found) => `${file}:${lineAt(text, start + found.index)}: ${found[0]}`),
  )
}

export function allImports(): Import[] {
  return projectFiles()
    .filter((path) => SOURCE.test(path))
    .flatMap((path) => importsOf(path))
}

function scriptsOf(file: string, text: string): { code: string; start: number }[] {
  if (!file.endsWith('.svelte')) return [{ code: text, start: 0 }]
  return [...text.matchAll(SCRIPT)].map((found) => ({
    code: found[2]!,
    start: found.index + found[1]!.length,
  }))
}

function ownFileOf(file: string, specifier: string): string | null {
  return specifier.startsWith('.') ? join(dirname(file), specifier.replace(/\?.*$/, '')) : null
}

function packageNameOf(specifier: string): string | null {
  if (/^[./#]/.test(specifier)) return null
  if (specifier.startsWith('node:')) return specifier
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}
