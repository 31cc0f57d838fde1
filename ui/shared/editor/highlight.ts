/** A function's name with its opening bracket ahead. */
export const functionsUsed = /^[A-Za-z][A-Za-z0-9]*(?=\s*\()/;
