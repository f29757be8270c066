// docs/sql.md: the SQL of every list, so that a query that changes shows in review.
import { describeSql } from '#read-models';
import { projections } from '../../apps/api/src/composition.js';

export const sqlPage = (): string => `${describeSql(projections).trimEnd()}\n`;
