// Like picture/worker-from-source.mjs: in a checkout the hook thread begins here, what is built at hook-worker.js.
import { register } from 'tsx/esm/api'

register()
await import('./hook-worker.ts')
