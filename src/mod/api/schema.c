/* The table. Requests first, then answers, from small to large. */
#include "mod/api/schema.h"
#include "core/case/case_input.h"

#define FIELDS(...)                                                                                          \
	(const struct schema_field[])                                                                            \
	{                                                                                                        \
		__VA_ARGS__, { .name = NULL }                                                                        \
	}
#define MUST_TEXT(name, about)                                                                               \
	{                                                                                                        \
		name, SCHEMA_TEXT, SCHEMA_REQUIRED, NULL, 0, 0, about                                                \
	}
#define MAY_TEXT(name, about)                                                                                \
	{                                                                                                        \
		name, SCHEMA_TEXT, 0, NULL, 0, 0, about                                                              \
	}
#define MUST_LIST(name, of, about)                                                                           \
	{                                                                                                        \
		name, SCHEMA_OBJECT, SCHEMA_REQUIRED | SCHEMA_LIST, of, 0, 0, about                                  \
	}
#define MUST_OBJECT(name, of, about)                                                                         \
	{                                                                                                        \
		name, SCHEMA_OBJECT, SCHEMA_REQUIRED, of, 0, 0, about                                                \
	}
#define MAY_OBJECT(name, of, about)                                                                          \
	{                                                                                                        \
		name, SCHEMA_OBJECT, 0, of, 0, 0, about                                                              \
	}
#define MUST(name, type, about)                                                                              \
	{                                                                                                        \
		name, type, SCHEMA_REQUIRED, NULL, 0, 0, about                                                       \
	}
#define MAY(name, type, about)                                                                               \
	{                                                                                                        \
		name, type, 0, NULL, 0, 0, about                                                                     \
	}
#define MUST_CHOICE(name, words, about)                                                                      \
	{                                                                                                        \
		name, SCHEMA_CHOICE, SCHEMA_REQUIRED, words, 0, 0, about                                             \
	}

#define REVISION                                                                                             \
	{                                                                                                        \
		"revision", SCHEMA_WHOLE, SCHEMA_REQUIRED, NULL, 1, INT64_C(1) << 53,                                \
			"the revision of the case that was decided on; 409 when it has moved on"                         \
	}
#define LINKS MUST("links", SCHEMA_MAP, "addresses of what belongs to it, by name")
#define REASONS(about)                                                                                       \
	{                                                                                                        \
		"reasons", SCHEMA_TEXT, SCHEMA_REQUIRED | SCHEMA_LINES, NULL, 1, CASE_REASONS_MAX, about             \
	}
#define PASSWORD                                                                                             \
	{                                                                                                        \
		"password", SCHEMA_TEXT, SCHEMA_REQUIRED, NULL, 1, 200,                                              \
			"the officer's password once more: the second confirmation of the act"                           \
	}

#define BOXES "mine team late wait sign pay deliver done"
#define STAGES "review wait sign pay deliver done"
#define TURNS "town citizen nobody"
#define OUTCOMES "open approved refused withdrawn expired"
#define UNITS "unknown immediate hours working_days calendar_days months years current_year permanent"
#define FIELD_TYPE_NAMES                                                                                     \
	"text textarea number money date choice choices yes_no curp rfc nif phone mail address point "           \
	"cadastral_key attachment group heading note"

const struct schema schemas[] = {
	/* --- what is sent ------------------------------------------------------------------------------------------- */
	{ "Filing", "An application, as the form would take it", true,
		FIELDS(
			MUST("answers", SCHEMA_MAP,
				"by the ids of the form's fields: texts; numbers and amounts as numbers or decimal text; dates as "
				"YYYY-MM-DD; yes_no as booleans; choices and groups as lists; an address as an object of its "
				"parts; a point as {lat, lon}; attachments as a list of file ids"),
			MUST("declaration", SCHEMA_YES_NO, "the applicant declares what the form's declaration says"),
			{ "lang", SCHEMA_TEXT, 0, NULL, 2, 8,
				"language of the receipt and of what is sent to the applicant" }) },
	{ "NewFile", "One file; its type is told by its content", true,
		FIELDS({ "archivo", SCHEMA_FILE, SCHEMA_REQUIRED, NULL, 0, 0,
			"PDF, JPEG, PNG or DXF, at most 25 MB" }) },
	{ "Step", "A step that needs nothing more", true, FIELDS(REVISION) },
	{ "Next", "Of which department", true,
		FIELDS({ "department", SCHEMA_TEXT, 0, NULL, 1, 100,
			"its id; the first in one's scope when left out" }) },
	{ "Remark", "A message to the citizen, or a note that stays in the house", true,
		FIELDS({ "text", SCHEMA_TEXT, SCHEMA_REQUIRED | SCHEMA_LINES, NULL, 1, CASE_TEXT_MAX, NULL }) },
	{ "CorrectionItem", "Something to be given again", true,
		FIELDS({ "field", SCHEMA_TEXT, SCHEMA_REQUIRED, NULL, 1, 100, "id of a field of the form" },
			{ "reason", SCHEMA_TEXT, SCHEMA_LINES, NULL, 0, CASE_ITEM_REASON_MAX,
				"the request's reason when left out" }) },
	{ "CorrectionRequest", "What the citizen has to correct, and why", true,
		FIELDS(REVISION,
			{ "reason", SCHEMA_TEXT, SCHEMA_REQUIRED | SCHEMA_LINES, NULL, 1, CASE_ITEM_REASON_MAX, NULL },
			{ "items", SCHEMA_OBJECT, SCHEMA_REQUIRED | SCHEMA_LIST, "CorrectionItem", 0, 100, NULL }) },
	{ "CorrectionAnswer", "The corrected answers of an open correction", true,
		FIELDS(REVISION,
			MUST("answers", SCHEMA_MAP, "the fields that were asked for, and those that they bring along")) },
	{ "Approval", "An approval; it waits for the officer's signature", true,
		FIELDS(REVISION, MUST("fields", SCHEMA_MAP, "by the ids of the form's decision fields"),
			{ "reasons", SCHEMA_TEXT, SCHEMA_LINES, NULL, 0, CASE_REASONS_MAX, NULL }) },
	{ "Refusal", "A refusal; it waits for the officer's signature", true, FIELDS(REVISION, REASONS("why")) },
	{ "Return", "An unsigned decision goes back to review", true,
		FIELDS(REVISION, REASONS("what is to be changed")) },
	{ "Signature", "The named officer's act", true, FIELDS(REVISION, PASSWORD) },
	{ "Revocation", "An issued document is withdrawn", true, FIELDS(REVISION, PASSWORD, REASONS("why")) },
	{ "Payment", "The assessed fee was paid", true,
		FIELDS(REVISION,
			{ "folio", SCHEMA_TEXT, SCHEMA_REQUIRED, NULL, 1, CASE_FOLIO_MAX,
				"of the treasury's receipt; used once" },
			MUST("amount", SCHEMA_DECIMAL, "exactly what is owed"),
			MUST_CHOICE("method", "efectivo tarjeta transferencia cheque", NULL)) },

	/* --- what is asked in the address ----------------------------------------------------------------------------- */
	{ "CaseQuery", "Which cases", true,
		FIELDS({ "box", SCHEMA_CHOICE, 0, BOXES, 0, 0,
				   "an inbox; all open cases of the department when left out" },
			{ "department", SCHEMA_TEXT, 0, NULL, 1, 100, "its id; the first in one's scope when left out" },
			{ "q", SCHEMA_TEXT, 0, NULL, 1, 200,
				"words of number, name and place; searches instead of listing" },
			{ "after", SCHEMA_TEXT, 0, NULL, 1, 100, "`next` of the page before" }) },
	{ "OwedQuery", "Which department", true,
		FIELDS({ "department", SCHEMA_TEXT, 0, NULL, 1, 100,
				   "its id; the first in one's scope when left out" },
			{ "after", SCHEMA_TEXT, 0, NULL, 1, 100, "`next` of the page before" }) },

	/* --- errors (RFC 9457) ----------------------------------------------------------------------------------------- */
	{ "FieldProblem", "What is wrong with one member of what was sent", false,
		FIELDS(MUST_TEXT("field", "`domicilio.street`, `items.0.reason`; empty: the body as a whole"),
			MUST_TEXT("code", "stable: `answer.required`"),
			MUST_TEXT("message", "for people, in the language asked for")) },
	{ "Problem", "application/problem+json, RFC 9457", false,
		FIELDS(MUST_TEXT("type", NULL), MUST_TEXT("title", NULL), MUST("status", SCHEMA_WHOLE, NULL),
			MAY_TEXT("detail", NULL), MAY_TEXT("code", "stable: `case.changed`"),
			MUST_TEXT("instance", "names the request in the town's log"),
			{ "errors", SCHEMA_OBJECT, SCHEMA_LIST, "FieldProblem", 0, 0, "with status 422" }) },

	/* --- procedures ------------------------------------------------------------------------------------------------- */
	{ "Named", "Something of the pack by its id", false,
		FIELDS(MUST_TEXT("id", NULL), MUST_TEXT("name", NULL)) },
	{ "Expression", "A condition or amount of the definition", false,
		FIELDS(MUST_TEXT("source", "as it is written in the definition"),
			MUST("tree", SCHEMA_ANY,
				"the same as a tree: [operator, operand…]; [\"f\", id] is an answer, [\"n\", millionths or cents] a number, "
				"[\"t\", text] a text")) },
	{ "ProcedureCard", "A procedure in the catalogue", false,
		FIELDS(MUST_TEXT("slug", NULL), MUST_TEXT("name", NULL), MUST_TEXT("summary", NULL),
			MUST_OBJECT("department", "Named", NULL), MAY_TEXT("topic", NULL), MUST_TEXT("fee", "in words"),
			MUST_TEXT("term", "in words"), MUST_TEXT("channels", "in words"),
			MUST("is_online", SCHEMA_YES_NO, "can be filed here"),
			MUST("is_sample", SCHEMA_YES_NO, "cost or term are samples of a demonstration"), LINKS) },
	{ "ProcedureList", "The catalogue", false, FIELDS(MUST_LIST("procedures", "ProcedureCard", NULL)) },
	{ "Span", "A length of time", false,
		FIELDS(MUST_CHOICE("unit", UNITS, NULL), MAY("min", SCHEMA_WHOLE, NULL),
			MAY("max", SCHEMA_WHOLE, NULL), MUST_TEXT("text", "in words")) },
	{ "LegalBasis", NULL, false,
		FIELDS(MUST_TEXT("law", NULL), MAY_TEXT("article", NULL), MAY_TEXT("url", NULL)) },
	{ "Requirement", "What the applicant brings", false,
		FIELDS(MUST_TEXT("id", NULL), MUST_TEXT("name", NULL), MAY_TEXT("detail", NULL),
			MAY_TEXT("origin", NULL),
			MUST_CHOICE("form", "digital original copy both nothing", "nothing: the town looks it up itself"),
			MAY_TEXT("field", "of the form, that receives it"),
			MAY_OBJECT("when", "Expression", "only then is it needed")) },
	{ "SheetStep", NULL, false, FIELDS(MUST_TEXT("title", NULL), MUST_TEXT("text", NULL)) },
	{ "FeeSummary", "What it usually costs", false,
		FIELDS(MUST_TEXT("text", "in words"), MAY("amount", SCHEMA_DECIMAL, NULL),
			MUST_CHOICE("moment", "none on_filing after_assessment on_delivery", NULL),
			MAY_TEXT("where", NULL)) },
	{ "Silence", "What it means when the town does not answer in time", false,
		FIELDS(MUST_CHOICE("effect", "unknown none negative positive", NULL), MAY_TEXT("explanation", NULL),
			MUST("is_confirmed", SCHEMA_YES_NO, NULL)) },
	{ "Sheet", "The public sheet", false,
		FIELDS(MAY_TEXT("what", NULL), MAY_TEXT("who", NULL), MAY_TEXT("receives", NULL),
			MAY_TEXT("notes", NULL), MAY("minutes", SCHEMA_WHOLE, "usual time to fill the form in"),
			MUST_LIST("requirements", "Requirement", NULL), MUST_LIST("steps", "SheetStep", NULL),
			MUST_LIST("basis", "LegalBasis", NULL), MUST_OBJECT("fee", "FeeSummary", NULL),
			MUST_OBJECT("term", "Span", "the town's time to answer"),
			MUST_OBJECT("correction", "Span", "the applicant's time to correct"),
			MUST_OBJECT("validity", "Span", "of what is issued"), MUST_OBJECT("silence", "Silence", NULL),
			{ "channels", SCHEMA_CHOICE, SCHEMA_REQUIRED | SCHEMA_LIST, "online in_person phone", 0, 0,
				NULL },
			MAY("reviewed_on", SCHEMA_DATE, NULL)) },
	{ "Option", "One of the values of a choice", false,
		FIELDS(MUST_TEXT("id", "what is sent"), MUST_TEXT("label", NULL), MAY_TEXT("hint", NULL)) },
	{ "AddressPart", "A part of an address, as this town asks for it", false,
		FIELDS(MUST_TEXT("name", "what is sent"), MUST_TEXT("label", NULL),
			MUST("is_required", SCHEMA_YES_NO, NULL),
			{ "unless", SCHEMA_TEXT, SCHEMA_LIST, NULL, 0, 0, "not required when all of these are given" },
			MAY("max_length", SCHEMA_WHOLE, NULL),
			MAY_TEXT("pattern", "9: a digit, A: a letter, X: either")) },
	{ "Field", "A question. What does not apply to its type is left out", false,
		FIELDS(MUST_TEXT("id", "names the answer"),
			MUST_CHOICE("type", FIELD_TYPE_NAMES, "heading and note take no answer"), MAY_TEXT("label", NULL),
			MAY_TEXT("hint", NULL), MAY_TEXT("text", "of a note"), MAY("is_required", SCHEMA_YES_NO, NULL),
			MAY_OBJECT("required_when", "Expression", "instead of is_required"),
			MAY_OBJECT("when", "Expression", "asked only then"),
			MAY_TEXT("min", "a decimal, or a day as YYYY-MM-DD"), MAY_TEXT("max", "the same"),
			MAY_OBJECT("earliest", "Expression", "of a date, when it moves"),
			MAY_OBJECT("latest", "Expression", "the same"), MAY("min_length", SCHEMA_WHOLE, NULL),
			MAY("max_length", SCHEMA_WHOLE, NULL), MAY("decimals", SCHEMA_WHOLE, NULL),
			MAY_TEXT("pattern", "9: a digit, A: a letter, X: either"), MAY_TEXT("unit", NULL),
			{ "options", SCHEMA_OBJECT, SCHEMA_LIST, "Option", 0, 0, NULL },
			{ "parts", SCHEMA_OBJECT, SCHEMA_LIST, "AddressPart", 0, 0, "of an address" },
			{ "accept", SCHEMA_TEXT, SCHEMA_LIST, NULL, 0, 0, "media types of an attachment" },
			MAY("max_bytes", SCHEMA_WHOLE, NULL), MAY("max_files", SCHEMA_WHOLE, NULL),
			MAY("min_rows", SCHEMA_WHOLE, NULL), MAY("max_rows", SCHEMA_WHOLE, NULL),
			{ "fields", SCHEMA_OBJECT, SCHEMA_LIST, "Field", 0, 0, "of each row of a group" }) },
	{ "Page", "A topic of the form", false,
		FIELDS(MUST_TEXT("id", NULL), MUST_TEXT("title", NULL), MUST_TEXT("name", "two words"),
			MAY_TEXT("intro", NULL), MAY_OBJECT("when", "Expression", "asked only then"),
			MUST_LIST("fields", "Field", NULL)) },
	{ "FormCheck", "A rule over several answers", false,
		FIELDS(MUST_TEXT("id", NULL), MAY_OBJECT("when", "Expression", "it applies only then"),
			MUST_OBJECT("rule", "Expression", NULL), MUST_TEXT("message", "said when the rule is broken"),
			MAY_TEXT("field", "where it is said"),
			MUST("is_warning", SCHEMA_YES_NO, "said, but does not stop")) },
	{ "FeeRule", "A line of the fee", false,
		FIELDS(MUST_TEXT("id", NULL), MUST_TEXT("label", NULL), MAY_OBJECT("when", "Expression", NULL),
			MUST_OBJECT("amount", "Expression", NULL)) },
	{ "Form", "What is asked, in order", false,
		FIELDS(MAY_TEXT("declaration", "what the applicant declares"), MUST_LIST("pages", "Page", NULL),
			MUST_LIST("checks", "FormCheck", NULL),
			MUST_LIST("decision", "Field", "what is filled in when approving"),
			MUST_LIST("fees", "FeeRule", NULL)) },
	{ "Procedure", "A procedure with its public sheet and its form", false,
		FIELDS(MUST_TEXT("slug", NULL), MUST_TEXT("name", NULL), MUST_TEXT("summary", NULL),
			MUST("version", SCHEMA_WHOLE, "of the definition"),
			MUST("pack_version", SCHEMA_WHOLE, "of the town's pack"),
			MUST_OBJECT("department", "Named", NULL), MAY_TEXT("topic", NULL),
			MUST("is_online", SCHEMA_YES_NO, NULL),
			MUST("is_sample", SCHEMA_YES_NO, "some of it are samples of a demonstration"),
			MUST_TEXT("currency", "ISO 4217"), MUST_OBJECT("sheet", "Sheet", NULL),
			MAY_OBJECT("form", "Form", "when it can be filed online"), LINKS) },

	/* --- files, filing ----------------------------------------------------------------------------------------------- */
	{ "StoredFile", "A file that may be used in answers until it expires", false,
		FIELDS(MUST_TEXT("id", NULL), MUST_TEXT("name", NULL), MUST_TEXT("media_type", NULL),
			MUST("bytes", SCHEMA_WHOLE, NULL), MUST_TEXT("sha256", "hexadecimal"),
			MUST("expires_at", SCHEMA_INSTANT, NULL)) },
	{ "Warning", "Something that does not stop the filing", false,
		FIELDS(MUST_TEXT("field", NULL), MUST_TEXT("code", NULL), MUST_TEXT("message", NULL)) },
	{ "Filed", "The facts of the receipt. The two codes are given here once and stored nowhere in clear",
		false,
		FIELDS(MUST_TEXT("number", NULL), MUST_TEXT("registry_number", NULL),
			MUST_TEXT("status_code", "for the applicant: shows state and dates, no names"),
			MUST_TEXT("key", "for the applicant: opens the case"), MUST("filed_at", SCHEMA_INSTANT, NULL),
			MAY("effective_on", SCHEMA_DATE, "the day as of which it counts"),
			MAY("due_on", SCHEMA_DATE, NULL), MUST_LIST("warnings", "Warning", NULL), LINKS) },

	/* --- cases ----------------------------------------------------------------------------------------------------------- */
	{ "State", NULL, false,
		FIELDS(MUST_TEXT("id", NULL), MUST_TEXT("name", NULL),
			MUST_CHOICE("waits_for", TURNS, "whose move it is"), MUST_CHOICE("outcome", OUTCOMES, NULL),
			MUST("is_final", SCHEMA_YES_NO, NULL)) },
	{ "Person", "A member of staff", false,
		FIELDS(MUST_TEXT("name", NULL), MAY("is_you", SCHEMA_YES_NO, NULL)) },
	{ "CaseSummary", "A case in a list", false,
		FIELDS(MUST_TEXT("number", NULL), MUST_OBJECT("procedure", "Named", NULL),
			MUST_TEXT("applicant", NULL), MUST_TEXT("place", NULL), MUST_OBJECT("state", "State", NULL),
			MUST_CHOICE("stage", STAGES, "the inbox it stands in"), MUST_TEXT("channel", NULL),
			MUST("filed_at", SCHEMA_INSTANT, NULL), MAY("due_on", SCHEMA_DATE, NULL),
			MAY_OBJECT("assignee", "Person", NULL), LINKS) },
	{ "CaseList", "A page of a list, the most urgent first; hits of a search, the newest first", false,
		FIELDS(MUST_LIST("cases", "CaseSummary", NULL), MAY_TEXT("department", NULL),
			MAY_TEXT("next", "`after` of the page after this")) },
	{ "CaseState", "Where a case stands after a step", false,
		FIELDS(MUST_TEXT("number", NULL), MUST("revision", SCHEMA_WHOLE, "what the next step names"),
			MUST_OBJECT("state", "State", NULL), MUST_CHOICE("stage", STAGES, NULL),
			MAY("due_on", SCHEMA_DATE, NULL), LINKS) },
	{ "ClockLine", "Why the due date is what it is, a line", false,
		FIELDS(MUST("from", SCHEMA_DATE, NULL), MUST("to", SCHEMA_DATE, NULL), MUST_TEXT("text", NULL),
			MAY_TEXT("article", NULL), MUST("is_future", SCHEMA_YES_NO, NULL)) },
	{ "Clock", "The town's term to answer", false,
		FIELDS(MUST_CHOICE("state", "running paused met late", NULL), MUST("due_on", SCHEMA_DATE, NULL),
			MUST_CHOICE("unit", "hours working_days calendar_days", NULL), MUST("total", SCHEMA_WHOLE, NULL),
			MUST("used", SCHEMA_WHOLE, NULL), MUST("left", SCHEMA_WHOLE, "negative when late"),
			MUST("is_confirmed", SCHEMA_YES_NO, "every rule used is confirmed by the town"),
			MUST_LIST("lines", "ClockLine", NULL)) },
	{ "FeeLine", NULL, false,
		FIELDS(MUST_TEXT("id", NULL), MUST_TEXT("label", NULL),
			MAY("amount", SCHEMA_DECIMAL, "left out while something is not known"),
			MUST_TEXT("explanation", NULL)) },
	{ "Fee", "What is owed", false,
		FIELDS(MUST("total", SCHEMA_DECIMAL, NULL), MUST_TEXT("currency", "ISO 4217"),
			MAY("paid_at", SCHEMA_INSTANT, NULL), MUST_LIST("lines", "FeeLine", NULL)) },
	{ "CorrectionOpenItem", NULL, false,
		FIELDS(MUST_TEXT("field", NULL), MUST_TEXT("label", NULL), MUST_TEXT("reason", NULL)) },
	{ "Correction", "A correction that was asked for and has not come", false,
		FIELDS(MUST_TEXT("reason", NULL), MUST("requested_at", SCHEMA_INSTANT, NULL),
			MAY("due_on", SCHEMA_DATE, NULL), MUST_LIST("items", "CorrectionOpenItem", NULL)) },
	{ "Decision", NULL, false,
		FIELDS(MUST_CHOICE("outcome", "approved refused", NULL), MUST_TEXT("reasons", NULL),
			MUST("fields", SCHEMA_MAP, NULL), MUST("decided_at", SCHEMA_INSTANT, NULL),
			MAY("signed_at", SCHEMA_INSTANT, NULL)) },
	{ "CaseFile", "An attachment", false,
		FIELDS(MUST_TEXT("id", NULL), MUST_TEXT("field", NULL), MUST_TEXT("name", NULL),
			MUST_TEXT("media_type", NULL), MUST("bytes", SCHEMA_WHOLE, NULL),
			MUST_TEXT("sha256", "hexadecimal"),
			MUST_CHOICE("state", "offered given accepted refused replaced", NULL),
			MUST_CHOICE("scan", "quarantine clean infected unscanned own", NULL),
			MAY_TEXT("reason", "why it was refused"),
			MAY_TEXT("href", "its bytes; left out while it may not be opened")) },
	{ "CaseDocument", "What the town hall issues", false,
		FIELDS(MUST_TEXT("id", NULL), MUST_TEXT("kind", NULL), MUST_TEXT("title", NULL),
			MUST_TEXT("number", "of the registry"),
			MUST_CHOICE("state", "frozen issued revoked", "frozen: being rendered and sealed"),
			MAY("issued_at", SCHEMA_INSTANT, NULL), MAY("valid_until", SCHEMA_DATE, NULL),
			MAY("revoked_at", SCHEMA_INSTANT, NULL), MAY_TEXT("href", "its bytes")) },
	{ "CaseMessage", NULL, false,
		FIELDS(MUST_CHOICE("kind", "citizen staff note", "a note stays in the house"), MUST_TEXT("who", NULL),
			MUST_TEXT("text", NULL), MUST("at", SCHEMA_INSTANT, NULL)) },
	{ "CaseEvent", "Something that happened", false,
		FIELDS(MUST_TEXT("type", "`case.filed`, `case.taken` …"), MUST("at", SCHEMA_INSTANT, NULL),
			MUST_CHOICE("actor", "citizen staff token system", NULL), MUST_TEXT("channel", NULL)) },
	{ "Case", "A case with all that is in it", false,
		FIELDS(MUST_TEXT("number", NULL), MUST_TEXT("registry_number", NULL),
			MUST("revision", SCHEMA_WHOLE, "raised by every change; a step names the one it was decided on"),
			MUST_OBJECT("procedure", "Named", NULL),
			MUST("pack_version", SCHEMA_WHOLE, "the case stays on it"),
			MAY_OBJECT("department", "Named", NULL), MUST_TEXT("applicant", NULL), MUST_TEXT("place", NULL),
			MUST_TEXT("channel", NULL), MUST_TEXT("lang", NULL), MUST_OBJECT("state", "State", NULL),
			MUST_CHOICE("stage", STAGES, NULL), MAY_OBJECT("assignee", "Person", NULL),
			MUST("filed_at", SCHEMA_INSTANT, NULL), MUST("counted_from", SCHEMA_DATE, NULL),
			MAY("due_on", SCHEMA_DATE, NULL), MAY("closed_at", SCHEMA_INSTANT, NULL),
			MUST("answers", SCHEMA_MAP, "as the registry keeps them"),
			MAY_OBJECT("clock", "Clock", "when there is a term"), MUST_OBJECT("fee", "Fee", NULL),
			MAY_OBJECT("correction", "Correction", NULL), MAY_OBJECT("decision", "Decision", NULL),
			MUST_LIST("files", "CaseFile", NULL), MUST_LIST("documents", "CaseDocument", NULL),
			MUST_LIST("messages", "CaseMessage", NULL), MUST_LIST("history", "CaseEvent", NULL),
			{ "actions", SCHEMA_CHOICE, SCHEMA_REQUIRED | SCHEMA_LIST,
				"take release correct answer approve refuse sign return pay deliver", 0, 0,
				"what this token may do now" },
			LINKS) },
	{ "Owed", "What the cashier sees of a case", false,
		FIELDS(MUST_TEXT("number", NULL), MUST("revision", SCHEMA_WHOLE, NULL),
			MUST_OBJECT("procedure", "Named", NULL), MUST_TEXT("applicant", NULL),
			MUST_OBJECT("fee", "Fee", NULL), LINKS) },
	{ "OpenAPI", "An OpenAPI 3.1 description", false,
		FIELDS(MUST_TEXT("openapi", NULL), MUST("info", SCHEMA_MAP, NULL), MUST("paths", SCHEMA_MAP, NULL)) },
	{ .name = NULL },
};

const struct schema *schema_find(const char *name)
{
	for (const struct schema *s = schemas; s->name; s++)
		if (strcmp(s->name, name) == 0) return s;
	return NULL;
}
