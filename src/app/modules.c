/*
 * THE list: every module of the program. What is not here is not served, has no jobs, no permission, no menu entry.
 * Core services come first, city systems after them; the order has no meaning beyond that.
 */
#include "core/document/issue.h"
#include "core/draft/draft.h"
#include "core/file/file.h"
#include "core/notice/notice.h"
#include "mod/api/api.h"
#include "mod/admin/admin.h"
#include "mod/filing/filing.h"
#include "mod/map/map.h"
#include "mod/office/office.h"
#include "mod/portal/portal.h"
#include "mod/styleguide/styleguide.h"
#include "mod/system/system.h"
#include "mod/tracking/tracking.h"
#include "mod/verify/verify.h"

const struct module *const modules[] = {
	&file_module,
	&draft_module,
	&document_module,
	&stamp_module,
	&notice_module,
	&system_module,
	&portal_module,
	&map_module,
	&filing_module,
	&tracking_module,
	&verify_module,
	&office_module,
	&admin_module,
	&api_module,
	&styleguide_module,
	NULL,
};
