// What is recorded is read with care: a signed event may still be of a shape that nobody expects.

/** The object that a canonical text holds; one without fields where it holds anything else. */
export function objectIn(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
