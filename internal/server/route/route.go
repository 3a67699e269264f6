// Package route is the table of what the server answers to: one entry for each method and path, with who may take it.
//
// The faces (pages and API) hand their entries to the server, which mounts them behind one check of access. The tests
// of access are made from the same table, so that a route cannot be forgotten.
package route

import (
	"net/http"

	"cadastro/internal/auth"
)

// Access says who may take a route. The zero value lets nobody in, so that a route that forgot to say is closed.
type Access struct {
	level      level
	permission auth.Permission
}

type level uint8

const (
	nobody level = iota
	public
	person
	member
	static
)

// Public lets everybody in, signed in or not: the sign-in page, static files, health.
func Public() Access { return Access{level: public} }

// Static is Public for what is the same for all: files of the pages, health. Who asks is not even looked up.
func Static() Access { return Access{level: static} }

// Person lets every member with a session in, whatever the role, and no token: one's own account.
func Person() Access { return Access{level: person} }

// Needs lets in who holds the permission: a member by the role, a token by its role and scopes.
func Needs(p auth.Permission) Access { return Access{level: member, permission: p} }

// IsPublic tells whether nobody has to be signed in.
func (a Access) IsPublic() bool { return a.level == public || a.level == static }

// IsStatic tells whether the answer is the same for all.
func (a Access) IsStatic() bool { return a.level == static }

// IsSaid tells whether the route says who may take it. One that does not is a fault of the program.
func (a Access) IsSaid() bool { return a.level != nobody }

// IsPerson tells whether a session is needed and nothing more.
func (a Access) IsPerson() bool { return a.level == person }

// Permission gives what is needed; ok is false where the route asks for none.
func (a Access) Permission() (p auth.Permission, ok bool) {
	return a.permission, a.level == member
}

// Allows tells whether an actor may take the route; nobody is signed in where ok is false.
func (a Access) Allows(who auth.Actor, ok bool) bool {
	switch a.level {
	case public, static:
		return true
	case person:
		return ok && who.Kind == auth.Person
	case member:
		return ok && who.May(a.permission)
	}
	return false
}

// Route is one entry of the table.
type Route struct {
	Method  string // GET (which answers HEAD too), POST, PUT, PATCH, DELETE, HEAD, OPTIONS
	Pattern string // as [http.ServeMux] has it, without the method: "/imports/{id}/review"
	Access  Access
	Handler http.Handler
	// Object is the kind of thing that {id} in the pattern names ("import", "contact"), "" where there is none. The
	// tests of access put an id of another workspace there, which must be answered as one that does not exist.
	Object string
	// API marks what programs call: a refusal is problem+json, a token is taken beside a session. The others are pages: a
	// refusal is a page, and who is not signed in is led to the sign-in.
	API bool
	// MaxBody bounds the body of a request, in bytes: 0 is [DefaultBody]; less than 0 leaves it to the handler, which has to
	// hold to a bound of its own while it reads (uploads).
	MaxBody int64
}

// DefaultBody is how long the body of a request may be where the route says nothing: any form, and any object of the API.
const DefaultBody = 1 << 20
