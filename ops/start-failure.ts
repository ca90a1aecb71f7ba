/** Why the program cannot start, as one sentence with a remedy where the cause is known. */

/** Errors of ours, whose message is a sentence for the person who starts the program. */
const OURS = ['ConfigError', 'TlsFileError', 'TmmsError', 'TcsError', 'TunnelError']

export function startFailure(
  error: unknown,
  { host, port }: { host: string; port: number },
): string {
  const { name, code, message, stack, syscall } = error as NodeJS.ErrnoException
  switch (syscall === 'listen' ? code : undefined) {
    case 'EADDRINUSE':
      return `Port ${port} is used by another program: stop it, or set HC_PORT to another port.`
    case 'EACCES':
      return `This user may not open port ${port}: choose one from 1024 on with HC_PORT, or allow it (setcap cap_net_bind_service=+ep on the node program).`
    case 'EADDRNOTAVAIL':
      return `This machine has no address ${host}: set HC_HOST to one of its own, or leave it out.`
  }
  return OURS.includes(name) ? message : String(stack)
}
