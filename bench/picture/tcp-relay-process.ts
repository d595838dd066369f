import { connect, createServer } from 'node:net'

/**
 * Runs where the viewer is: its own loopback address leads to the service. So the expert's page has the origin it would
 * have on one machine, which browsers take for secure.
 */
const [port, host] = process.argv.slice(2)
const server = createServer((near) => {
  const far = connect(Number(port), host!)
  near
    .setNoDelay()
    .pipe(far)
    .on('error', () => near.destroy())
  far
    .setNoDelay()
    .pipe(near)
    .on('error', () => far.destroy())
})
server.listen(Number(port), '127.0.0.1', () => console.log('ready'))
