import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'

/** The pages run only our own script and speak only to us: what gets into one of them can't get out [C9, L3]. */
export async function addSecurityHeaders(app: FastifyInstance, origin: string): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'"],
        'style-src': ["'self'"],
        'img-src': ["'self'", 'blob:', 'data:'],
        'font-src': ["'self'"],
        // Older browsers don't count a WebSocket to the same host as 'self'.
        'connect-src': ["'self'", origin.replace(/^http/, 'ws')],
        'worker-src': ["'self'"],
        'frame-ancestors': ["'none'"],
        'base-uri': ["'none'"],
        'form-action': ["'self'"],
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginEmbedderPolicy: false,
    xFrameOptions: { action: 'deny' },
    strictTransportSecurity: origin.startsWith('https:'),
  })
}
