// Node 20 does not hand the loader that runs TypeScript sources on to a worker: in a checkout the picture worker
// begins here and registers it anew. What is built has no part in this; it begins at worker.js.
import { register } from 'tsx/esm/api'

register()
await import('./worker.ts')
