// Package codes is read by the test of the source walk, never built.
package codes

// Other is a code of another package.
const Other = "c.other_package"
