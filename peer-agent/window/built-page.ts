import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, extname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** One file of the page as it is sent. */
export interface PageFile {
  readonly type: string
  readonly body: Buffer
}
/** Path in the URL, beginning with `/`, to file. Nothing outside this map can be asked for. */
export type BuiltPage = ReadonlyMap<string, PageFile>

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

/** `dist/agent-window` of this package, whether the agent runs from its sources or from `dist/`. */
function builtFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json'))) {
    if (dirname(folder) === folder) throw new Error('the package of this file has no package.json')
    folder = dirname(folder)
  }
  return join(folder, 'dist', 'agent-window')
}

/** Reads the whole page into memory, a few hundred KB. Throws where it was never built. */
export async function loadBuiltPage(folder: string = builtFolder()): Promise<BuiltPage> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const page = new Map<string, PageFile>()
  for (const entry of entries) {
    const type = TYPES[extname(entry.name)]
    if (!entry.isFile() || type === undefined) continue
    const file = join(entry.parentPath, entry.name)
    page.set(`/${relative(folder, file).split(sep).join('/')}`, { type, body: await readFile(file) })
  }
  if (!page.has('/index.html'))
    throw new Error(`the customer's page is not built: ${folder} has no index.html (npm run build)`)
  return page
}
