import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { FOR_NPM } from './system-packages.mjs'

/** Makes a machine that has only Node ready, so that every command works as the first one. Imports nothing from npm. */

export const ROOT = fileURLToPath(new URL('..', import.meta.url))
/** The environment of programs whose output is read or kept. */
export const PLAIN = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined }
const LEAST_NODE = [20, 19]
const LOG_TAIL_LINES = 40
/** Programs that only root has on the PATH. */
const ROOTS_FOLDERS = ['/usr/sbin', '/sbin']

/**
 * Installs what is missing and says so in a line; under a second where nothing is. Ends the process with a sentence
 * where it cannot.
 * @param {{ npm?: boolean, system?: import('./system-packages.mjs').SystemPackage[] }} wanted
 *   npm: the packages of package-lock.json; system: a list of system-packages.mjs
 */
export function ensure({ npm = true, system = [] } = {}) {
  checkNode()
  const needsNpm = npm && !npmPackagesAreInstalled()
  ensureSystemPackages(needsNpm ? [...FOR_NPM, ...system] : system)
  if (needsNpm) installNpmPackages()
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const [leastMajor = 0, leastMinor = 0] = LEAST_NODE
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return
  giveUp(`Lotse needs Node ${LEAST_NODE.join('.')} or newer; this is ${process.versions.node}.`)
}

/** True where npm's own note of what it installed matches package-lock.json and sqlite3 has its binary. */
function npmPackagesAreInstalled() {
  const installed = readPackages('node_modules/.package-lock.json')
  if (!installed) return false
  for (const [path, wanted] of Object.entries(readPackages('package-lock.json') ?? {})) {
    if (path === '') continue
    const found = installed[path]
    if (found ? found.version !== wanted.version : !wanted.optional) return false
  }
  return existsSync(join(ROOT, 'node_modules/sqlite3/build/Release/node_sqlite3.node'))
}

/** @returns {Record<string, { version?: string, optional?: boolean }> | undefined} */
function readPackages(lockFile) {
  const path = join(ROOT, lockFile)
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : undefined
}

function installNpmPackages() {
  say(
    'Installing the npm packages: up to 5 minutes where sqlite3 must be compiled, 1 where a binary is found …',
  )
  const headers = join(dirname(dirname(process.execPath)), 'include/node/node_api.h')
  // Node's own headers, where they lie beside it: node-gyp would download them otherwise.
  const nodedir = existsSync(headers) ? { npm_config_nodedir: dirname(dirname(process.execPath)) } : {}
  run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], nodedir)
  if (!npmPackagesAreInstalled())
    giveUp('npm ci ran, yet packages are missing: see `npm ls` and `npm rebuild`.')
}

/** @param {import('./system-packages.mjs').SystemPackage[]} packages */
function ensureSystemPackages(packages) {
  const missing = packages.filter((wanted) => !isThere(wanted)).map(({ name }) => name)
  if (missing.length === 0) return
  const install = ['install', '-y', '--no-install-recommends', ...missing]
  if (!programIsThere('apt-get'))
    giveUp(`Missing: ${missing.join(' ')} (Debian's names). Install them with your system's package manager.`)
  if (process.getuid?.() !== 0)
    giveUp(`Missing: ${missing.join(' ')}. Run: sudo apt-get update && sudo apt-get ${install.join(' ')}`)
  say(`Installing with apt-get: ${missing.join(' ')} …`)
  const quietly = { DEBIAN_FRONTEND: 'noninteractive' }
  const waitForOthers = ['-qq', '-o', 'DPkg::Lock::Timeout=300']
  run('apt-get', [...waitForOthers, 'update'], quietly)
  run('apt-get', [...waitForOthers, ...install], quietly)
}

/** @param {import('./system-packages.mjs').SystemPackage} wanted */
function isThere(wanted) {
  return 'program' in wanted ? programIsThere(wanted.program) : existsSync(wanted.file)
}

function programIsThere(program) {
  return [...(process.env.PATH ?? '').split(delimiter), ...ROOTS_FOLDERS].some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** Runs quietly; on a failure shows the end of what the program printed and ends this process. */
function run(program, args, env) {
  const { status, error, stdout, stderr } = spawnSync(program, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  })
  if (status === 0) return
  const log = `${stdout ?? ''}${stderr ?? ''}`.trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n')
  giveUp(
    `${log}\n\n${program} ${args.join(' ')}: ${error?.message ?? `ended with ${status}`}. Its last lines are above.`,
  )
}

function say(line) {
  process.stderr.write(`${line}\n`)
}

/** @returns {never} */
function giveUp(sentence) {
  process.stderr.write(`\n${sentence}\n`)
  process.exit(1)
}
