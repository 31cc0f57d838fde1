/** What the documentation of MapRecord says at length, in Markdown. */
export const details = `
## A mapping

Each line of the table makes one field of the result from one column of the record:

\`\`\`json
[
  {"source": "CUSTOMER_ID", "destination": "id", "type": "integer", "required": true},
  {"source": "MAIL", "destination": "email", "type": "text", "transform": "trim|lower"},
  {"destination": "source_system", "default": "shop"}
]
\`\`\`

| record | result |
| --- | --- |
| \`{"CUSTOMER_ID": "17", "MAIL": " Ada@Example.org "}\` | \`{"id": 17, "email": "ada@example.org", "source_system": "shop"}\` |
| \`{"CUSTOMER_ID": null, "MAIL": "x@example.org"}\` | goes to *rejected*: the field \`id\` is required |

A column that a single record lacks counts as empty. A column that no record of a FlowFile has is more likely a changed source
than empty data: *On Missing Column* says what is done then.
`;
