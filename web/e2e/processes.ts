/** The processes of a server, read from the kernel (man 5 proc). */
import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** A process with its children, their children, and so on. */
export function familyOf(pid: number): number[] {
  const children = running().filter((candidate) => statOf(candidate)?.parent === pid)
  return [pid, ...children.flatMap(familyOf)]
}

export function mediaWorkersOf(pid: number): number[] {
  return familyOf(pid).filter((candidate) => statOf(candidate)?.name.startsWith('mediasoup'))
}

export function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}`)
}

function running(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}

function statOf(pid: number): { name: string; parent: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name stands in parentheses and may hold anything, even a parenthesis.
    const end = stat.lastIndexOf(')')
    const parent = Number(stat.slice(end + 2).split(' ')[1])
    return { name: stat.slice(stat.indexOf('(') + 1, end), parent }
  } catch {
    // It ended while we were looking.
    return null
  }
}
