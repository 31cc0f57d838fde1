import { EditHistory } from '../shared/history.ts';

/** Every edit of this page, whichever room it was made in. */
export const history = new EditHistory();
