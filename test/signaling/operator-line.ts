import { runOperator } from '../../signaling/operator/commands.ts'

/** Runs one command line and returns its exit code and what it wrote. */
export function operatorOf(folder: string) {
  return async (args: string[], input = '') => {
    let [out, err] = ['', '']
    const code = await runOperator(args, {
      env: { LOTSE_DATA: folder, LOTSE_ORIGIN: 'https://help.example.org' },
      readInput: async () => input,
      print: (text) => {
        out += text
      },
      complain: (text) => {
        err += text
      },
    })
    return { code, out, err }
  }
}
