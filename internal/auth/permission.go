package auth

import (
	"strings"

	"cadastro/internal/errs"
)

// Role is what a member or a token is in a workspace, from the least to the most.
type Role uint8

// The roles.
const (
	Agent Role = iota + 1
	Manager
	Admin
)

var roleNames = [...]string{Agent: "agent", Manager: "manager", Admin: "admin"}

// Roles gives all roles, the least first.
func Roles() []Role { return []Role{Agent, Manager, Admin} }

// String gives the word that stands in the base and in the API.
func (r Role) String() string {
	if r < Agent || r > Admin {
		return ""
	}
	return roleNames[r]
}

// ParseRole reads the word of a role. Error: auth.role_unknown {value}, Invalid.
func ParseRole(word string) (Role, error) {
	for _, r := range Roles() {
		if roleNames[r] == word {
			return r, nil
		}
	}
	return 0, errs.New(errs.Invalid, "auth.role_unknown", "value", errs.Clip(word, 40))
}

// Scopes is a set of scopes: what a token may be used for, within its role.
type Scopes uint8

// The scopes. A token has export and erase only where they were asked for.
const (
	ScopeRead Scopes = 1 << iota
	ScopeWrite
	ScopeImport
	ScopeExport
	ScopeErase
	ScopeAdmin

	AllScopes = ScopeAdmin<<1 - 1
)

var scopeNames = [...]string{"read", "write", "import", "export", "erase", "admin"}

// Has tells whether all scopes of other are in s.
func (s Scopes) Has(other Scopes) bool { return s&other == other }

// String gives the words of the scopes with a space between, in the order of the constants.
func (s Scopes) String() string {
	var words []string
	for i, name := range scopeNames {
		if s&(1<<i) != 0 {
			words = append(words, name)
		}
	}
	return strings.Join(words, " ")
}

// ParseScopes reads words with spaces or commas between. Errors, Invalid: auth.scope_unknown {value}, auth.scopes_none.
func ParseScopes(words string) (Scopes, error) {
	var s Scopes
next:
	for _, w := range strings.FieldsFunc(words, func(r rune) bool { return r == ' ' || r == ',' }) {
		for i, name := range scopeNames {
			if name == w {
				s |= 1 << i
				continue next
			}
		}
		return 0, errs.New(errs.Invalid, "auth.scope_unknown", "value", errs.Clip(w, 40))
	}
	if s == 0 {
		return 0, errs.New(errs.Invalid, "auth.scopes_none")
	}
	return s, nil
}

// Permission is a deed that has to be allowed.
type Permission uint8

// The permissions. What they allow beyond their name is in the table below.
const (
	ContactsRead Permission = iota + 1
	ContactsWrite
	ContactsDelete
	ContactsMerge
	ContactsErase
	TagsManage
	GroupsManage
	GroupsRestrict
	ImportsRead
	ImportsRun
	ExportsRun
	AudiencesRead
	AudiencesWrite
	CampaignsSend
	ConversationsWrite
	DoNotContactManage
	PrivacyReport
	MembersRead
	MembersManage
	FieldsRead
	FieldsManage
	TokensManage
	SettingsRead
	SettingsManage
	AuditRead

	permissionEnd
)

// permissions is the one place that says who may do what: from which role on, and under which scope of a token.
// Each role has what the roles beneath it have.
var permissions = [permissionEnd]struct {
	name  string
	from  Role
	scope Scopes
}{
	ContactsRead:       {"contacts.read", Agent, ScopeRead},      // those that the groups allow, see Sight
	ContactsWrite:      {"contacts.write", Agent, ScopeWrite},    // the same ones: add, edit, tag, put into a group
	ContactsDelete:     {"contacts.delete", Manager, ScopeWrite}, // into the bin and back
	ContactsMerge:      {"contacts.merge", Manager, ScopeWrite},  // and take apart again
	ContactsErase:      {"contacts.erase", Admin, ScopeErase},    // for good
	TagsManage:         {"tags.manage", Manager, ScopeWrite},     // rename, merge, delete
	GroupsManage:       {"groups.manage", Manager, ScopeWrite},   // make, rename, delete
	GroupsRestrict:     {"groups.restrict", Admin, ScopeAdmin},   // say who sees a group
	ImportsRead:        {"imports.read", Manager, ScopeImport},   // history, results: they hold cells of files
	ImportsRun:         {"imports.run", Manager, ScopeImport},    // upload, review, start, cancel, undo
	ExportsRun:         {"exports.run", Manager, ScopeExport},    // and download
	AudiencesRead:      {"audiences.read", Manager, ScopeRead},
	AudiencesWrite:     {"audiences.write", Manager, ScopeWrite},
	CampaignsSend:      {"campaigns.send", Manager, ScopeWrite},
	ConversationsWrite: {"conversations.write", Agent, ScopeWrite}, // start, answer
	DoNotContactManage: {"do_not_contact.manage", Manager, ScopeWrite},
	PrivacyReport:      {"privacy.report", Admin, ScopeExport}, // all that is kept of one person
	MembersRead:        {"members.read", Agent, ScopeRead},     // names, roles, teams: owners are chosen from them
	MembersManage:      {"members.manage", Admin, ScopeAdmin},  // and teams
	FieldsRead:         {"fields.read", Agent, ScopeRead},      // definitions
	FieldsManage:       {"fields.manage", Admin, ScopeAdmin},
	TokensManage:       {"tokens.manage", Admin, ScopeAdmin},
	SettingsRead:       {"settings.read", Admin, ScopeAdmin}, // channels and webhooks are settings
	SettingsManage:     {"settings.manage", Admin, ScopeAdmin},
	AuditRead:          {"audit.read", Admin, ScopeAdmin},
}

// Permissions gives all permissions, in the order of the constants.
func Permissions() []Permission {
	all := make([]Permission, 0, permissionEnd-1)
	for p := ContactsRead; p < permissionEnd; p++ {
		all = append(all, p)
	}
	return all
}

// String gives the permission's name, as "contacts.read".
func (p Permission) String() string {
	if p >= permissionEnd {
		return ""
	}
	return permissions[p].name
}

// Scope gives the scope that a token needs for p.
func (p Permission) Scope() Scopes {
	if p >= permissionEnd {
		return 0
	}
	return permissions[p].scope
}

// May tells whether a role holds a permission. An unknown role or permission holds and gives nothing.
func (r Role) May(p Permission) bool {
	return p >= ContactsRead && p < permissionEnd && r <= Admin && r >= permissions[p].from
}

// Scopes gives all scopes that a role can make use of: what a person with the role can do, as a token would need it.
func (r Role) Scopes() Scopes {
	var s Scopes
	for _, p := range Permissions() {
		if r.May(p) {
			s |= permissions[p].scope
		}
	}
	return s
}
