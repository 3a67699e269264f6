package api

import (
	"context"
	"net/http"
	"time"

	"cadastro/internal/auth"
	"cadastro/internal/notify/webhook"
)

const tagWebhooks = "Webhooks"

// webhooks registers endpoints, and the log of what was sent to them.
func (a *API) webhooks() {
	add(a, op{id: "list-webhooks", method: http.MethodGet, path: "/webhooks", tag: tagWebhooks, may: auth.SettingsRead, summary: "List webhooks"}, a.listWebhooks)
	add(a, op{id: "create-webhook", method: http.MethodPost, path: "/webhooks", tag: tagWebhooks, may: auth.SettingsManage, status: http.StatusCreated,
		summary: "Make a webhook", text: "The secret that signs its deliveries (Standard Webhooks) is in this answer and nowhere else."}, a.createWebhook)
	add(a, op{id: "update-webhook", method: http.MethodPut, path: "/webhooks/{id}", tag: tagWebhooks, may: auth.SettingsManage, object: "webhook",
		summary: "Change a webhook", text: "Enabling one that failed for long has it tried again at once."}, a.updateWebhook)
	add(a, op{id: "delete-webhook", method: http.MethodDelete, path: "/webhooks/{id}", tag: tagWebhooks, may: auth.SettingsManage, object: "webhook", summary: "Delete a webhook"}, a.deleteWebhook)
	add(a, op{id: "rotate-webhook-secret", method: http.MethodPost, path: "/webhooks/{id}/rotate", tag: tagWebhooks, may: auth.SettingsManage, object: "webhook",
		summary: "Give a webhook a new secret", text: "The one before signs too for 24 hours."}, a.rotateWebhook)
	add(a, op{id: "test-webhook", method: http.MethodPost, path: "/webhooks/{id}/test", tag: tagWebhooks, may: auth.SettingsManage, object: "webhook", once: true, status: http.StatusAccepted,
		summary: "Send a test event to a webhook"}, a.testWebhook)
	add(a, op{id: "list-deliveries", method: http.MethodGet, path: "/webhooks/{id}/deliveries", tag: tagWebhooks, may: auth.SettingsRead, object: "webhook",
		summary: "List the deliveries to a webhook, the newest first"}, a.listDeliveries)
	add(a, op{id: "list-attempts", method: http.MethodGet, path: "/deliveries/{id}/attempts", tag: tagWebhooks, may: auth.SettingsRead, object: "delivery", summary: "List the attempts of a delivery"}, a.listAttempts)
	add(a, op{id: "resend-delivery", method: http.MethodPost, path: "/deliveries/{id}/resend", tag: tagWebhooks, may: auth.SettingsManage, object: "delivery", once: true, status: http.StatusAccepted,
		summary: "Send a delivery again", text: "At once, under the same webhook-id."}, a.resendDelivery)
}

// Webhook is an address that events are sent to.
type Webhook struct {
	ID          int64      `json:"id"`
	URL         string     `json:"url"`
	Events      []string   `json:"events" nullable:"false" doc:"Empty for all."`
	Enabled     bool       `json:"enabled"`
	DisabledWhy string     `json:"disabled_why,omitempty" enum:"person,gone,failing"`
	Failing     int        `json:"failing,omitempty" doc:"Failures in a row."`
	PausedUntil *time.Time `json:"paused_until,omitempty" doc:"Nothing is sent before, because it failed."`
	OldUntil    *time.Time `json:"old_secret_until,omitempty" doc:"Two secrets sign until then."`
	CreatedAt   time.Time  `json:"created_at"`
	Secret      string     `json:"secret,omitempty" doc:"In the answer that made it alone."`
}

func webhookOf(e *webhook.Endpoint) Webhook {
	events := e.Events
	if events == nil {
		events = []string{}
	}
	return Webhook{ID: int64(e.ID), URL: e.URL, Events: events, Enabled: e.Enabled, DisabledWhy: e.DisabledWhy, Failing: e.Failing, PausedUntil: moment(e.OpenUntil),
		OldUntil: moment(e.OldUntil), CreatedAt: e.CreatedAt.UTC()}
}

// WebhookInput is what a webhook is to be.
type WebhookInput struct {
	URL     string   `json:"url" maxLength:"2000" doc:"http or https, public."`
	Events  []string `json:"events,omitempty" maxItems:"50" doc:"Left out or empty: all."`
	Enabled *bool    `json:"enabled,omitempty" doc:"True where it is left out."`
}

func (a *API) listWebhooks(ctx context.Context, _ *struct{}) (*all[Webhook], error) {
	found, err := a.app.Notify.Webhooks.List(ctx, workspace(ctx))
	var items []Webhook
	for _, e := range found {
		items = append(items, webhookOf(e))
	}
	return allOf(items), err
}

type oneWebhook struct {
	Location string `header:"Location"`
	Body     Webhook
}

func (a *API) createWebhook(ctx context.Context, in *struct{ Body WebhookInput }) (*oneWebhook, error) {
	e, secret, err := a.app.Notify.Webhooks.Add(ctx, workspace(ctx), in.Body.URL, in.Body.Events)
	if err != nil {
		return nil, err
	}
	if in.Body.Enabled != nil && !*in.Body.Enabled {
		if err := a.app.Notify.Webhooks.Change(ctx, workspace(ctx), e.ID, e.URL, e.Events, false); err != nil {
			return nil, err
		}
		e.Enabled = false
	}
	out := &oneWebhook{Location: place("webhooks", int64(e.ID)), Body: webhookOf(e)}
	out.Body.Secret = secret
	return out, nil
}

type updateWebhookInput struct {
	IDPath
	Body WebhookInput
}

func (a *API) updateWebhook(ctx context.Context, in *updateWebhookInput) (*struct{}, error) {
	enabled := in.Body.Enabled == nil || *in.Body.Enabled
	return nil, a.app.Notify.Webhooks.Change(ctx, workspace(ctx), webhook.ID(in.ID), in.Body.URL, in.Body.Events, enabled)
}

func (a *API) deleteWebhook(ctx context.Context, in *IDPath) (*struct{}, error) {
	return nil, a.app.Notify.Webhooks.Remove(ctx, workspace(ctx), webhook.ID(in.ID))
}

// Secret is a secret that is shown once.
type Secret struct {
	Secret string `json:"secret"`
}

func (a *API) rotateWebhook(ctx context.Context, in *IDPath) (*struct{ Body Secret }, error) {
	secret, err := a.app.Notify.Webhooks.Rotate(ctx, workspace(ctx), webhook.ID(in.ID))
	return &struct{ Body Secret }{Secret{secret}}, err
}

func (a *API) testWebhook(ctx context.Context, in *IDPath) (*made, error) {
	id, err := a.app.Notify.Webhooks.Try(ctx, workspace(ctx), webhook.ID(in.ID))
	return madeOf(int64(id), err)
}

// Delivery is one event on its way to one webhook.
type Delivery struct {
	ID        int64      `json:"id"`
	EventID   string     `json:"event_id" doc:"The webhook-id."`
	Event     string     `json:"event"`
	State     string     `json:"state" enum:"waiting,delivered,failed"`
	Attempts  int        `json:"attempts"`
	NextAt    *time.Time `json:"next_at,omitempty" doc:"Of the next attempt."`
	CreatedAt time.Time  `json:"created_at"`
	DoneAt    *time.Time `json:"done_at,omitempty"`
}

type deliveriesInput struct {
	IDPath
	Paging
}

func (a *API) listDeliveries(ctx context.Context, in *deliveriesInput) (*list[Delivery], error) {
	before, err := in.number()
	if err != nil {
		return nil, err
	}
	found, err := a.app.Notify.Webhooks.Deliveries(ctx, workspace(ctx), webhook.ID(in.ID), webhook.DeliveryID(before), in.Limit)
	if err != nil {
		return nil, err
	}
	items := []Delivery{}
	for _, d := range found {
		items = append(items, Delivery{int64(d.ID), d.EventID, d.Event, d.State, d.Attempts, moment(d.NextAt), d.CreatedAt.UTC(), moment(d.DoneAt)})
	}
	return pageOf(ctx, items, nextNumber(len(items), in.Limit, func() int64 { return items[len(items)-1].ID })), nil
}

// Attempt is one time that a delivery was tried.
type Attempt struct {
	Number int       `json:"number"`
	At     time.Time `json:"at"`
	Took   float64   `json:"seconds"`
	Status int       `json:"status,omitempty" doc:"Missing where there was no answer."`
	Code   string    `json:"code,omitempty" doc:"Of the error."`
	Answer string    `json:"answer,omitempty" doc:"Its beginning."`
}

func (a *API) listAttempts(ctx context.Context, in *IDPath) (*all[Attempt], error) {
	found, err := a.app.Notify.Webhooks.Attempts(ctx, workspace(ctx), webhook.DeliveryID(in.ID))
	var items []Attempt
	for _, t := range found {
		items = append(items, Attempt{t.Number, t.At.UTC(), t.Took.Seconds(), t.Status, t.Code, t.Answer})
	}
	return allOf(items), err
}

func (a *API) resendDelivery(ctx context.Context, in *IDPath) (*struct{}, error) {
	return nil, a.app.Notify.Webhooks.Resend(ctx, workspace(ctx), webhook.DeliveryID(in.ID))
}
