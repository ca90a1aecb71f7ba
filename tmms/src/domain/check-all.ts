/** Checks every member of a body, so that all that is wrong with it is told at once. */
import { TmmsError, type Problem } from '../errors.ts'

type Checks<T> = { readonly [K in keyof T]: () => T[K] }

/** @throws {TmmsError} the first that a check throws, with the problems of all of them. */
export function checkAll<T extends object>(checks: Checks<T>): T {
  const values: Partial<T> = {}
  const errors: TmmsError[] = []
  for (const key of Object.keys(checks) as (keyof T)[]) {
    try {
      values[key] = checks[key]()
    } catch (error) {
      if (!(error instanceof TmmsError)) throw error
      errors.push(error)
    }
  }
  const [first] = errors
  if (first === undefined) return values as T
  if (errors.length === 1) throw first
  const { code, message, field, restriction } = first
  throw new TmmsError(code, message, {
    problems: errors.flatMap(problemsOf),
    ...(field === undefined ? {} : { field }),
    ...(restriction === undefined ? {} : { restriction }),
  })
}

/** As `checkAll`, for members of one kind. */
export function checkEach<T, U>(items: readonly T[], check: (item: T, index: number) => U): U[] {
  const checks = Object.fromEntries(items.map((item, at) => [at, () => check(item, at)]))
  return Object.values(checkAll<Record<string, U>>(checks))
}

function problemsOf({ code, field, problems, restriction }: TmmsError): readonly Problem[] {
  if (problems.length > 0) return problems
  if (field === undefined) return []
  return [{ code, field, ...(restriction === undefined ? {} : { restriction }) }]
}
