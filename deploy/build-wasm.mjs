import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensure, ROOT } from './setup.mjs'

// Compiles the pixel kernels (AssemblyScript) into a TypeScript file that holds them as text, so that tests, tsx, tsc
// and a packed agent all take them like any other import. With --check nothing is written: it fails where the file is
// not what the sources make.
const FOLDER = 'peer-agent/picture/wasm'
/** What these export, the module does. */
const ENTRIES = ['place', 'changes', 'hash', 'palette', 'rgb', 'flat', 'film', 'shift', 'copies', 'heap']
const TARGET = join(ROOT, FOLDER, 'bytes.ts')
const ASC_OPTIONS = [
  ...['--enable', 'simd', '--runtime', 'stub', '--use', 'abort='],
  ...['--optimizeLevel', '3', '--noAssert', '--disableWarning', 'AS112'],
]

ensure()
const text = asSource(await compile())
if (!process.argv.includes('--check')) writeFileSync(TARGET, text)
else if (readFileSync(TARGET, 'utf8') !== text) {
  console.error(`${FOLDER}/bytes.ts is not what its sources make: run npm run build:wasm.`)
  process.exitCode = 1
}

async function compile() {
  const { default: asc } = await import('assemblyscript/asc')
  const files = ENTRIES.map((name) => `${FOLDER}/${name}.as.ts`)
  let module
  const { error, stderr } = await asc.main([...files, '--outFile', 'module.wasm', ...ASC_OPTIONS], {
    readFile: (name) => {
      try {
        return readFileSync(join(ROOT, name), 'utf8')
      } catch {
        // The compiler asks for a file at several places.
        return null
      }
    },
    writeFile: (_name, contents) => {
      module = contents
    },
    listFiles: () => [],
  })
  if (error) throw new Error(`The pixel kernels do not compile.\n${stderr.toString()}`, { cause: error })
  return module
}

function asSource(module) {
  return `// Made from the *.as.ts files beside it by \`npm run build:wasm\`; test/house/wasm.test.ts checks that it was.

/** The pixel kernels as a WebAssembly module, in base64. */
export const PIXEL_KERNELS =
  '${Buffer.from(module).toString('base64')}'
`
}
