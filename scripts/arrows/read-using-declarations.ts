// Teaches the tree walker that dependency-cruiser takes from @swc/core to read a `using` declaration: the walker
// (1.16.22) throws "Unknown statement type: UsingDeclaration" at it. This module can go when the walker knows the
// statement; the tests plant a file with `using` in it.
import { Visitor } from '@swc/core/Visitor.js';

// oxlint-disable-next-line typescript/unbound-method -- It is called with `this` below.
const visitStatement = Visitor.prototype.visitStatement;

Visitor.prototype.visitStatement = function (statement) {
  const type: string = statement.type;
  if (type !== 'UsingDeclaration') return visitStatement.call(this, statement);
  if ('decls' in statement && Array.isArray(statement.decls)) this.visitVariableDeclarators(statement.decls);
  return statement;
};
