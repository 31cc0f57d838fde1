import { useState } from 'react';

const LONG_LINES = 4;
const LONG_CHARACTERS = 280;

export function isLong(text: string): boolean {
  return text.length > LONG_CHARACTERS || text.split('\n').length > LONG_LINES;
}

/** A text of which only the beginning is shown until more is asked for. */
export function LongText({ text }: { readonly text: string }) {
  const [whole, setWhole] = useState(false);
  return (
    <>
      <p className="long-text" data-cut={(isLong(text) && !whole) || undefined}>
        {text}
      </p>
      {isLong(text) && (
        <button type="button" className="more" aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole ? 'Show less' : 'Show all'}
        </button>
      )}
    </>
  );
}
