const known = [0, 0];

/** Gives the natural logarithm of n!. */
export function logFactorial(n: number): number {
  for (let next = known.length; next <= n; next += 1) {
    known.push((known[next - 1] ?? 0) + Math.log(next));
  }
  return known[n] ?? 0;
}

/** Gives the natural logarithm of the ways to choose k of n. */
export function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}
