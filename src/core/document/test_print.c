#include "base/testing.h"
#include "core/document/print.h"

/* What goes to the printer arrives as it was. */
TEST(print_job_survives_the_way)
{
	struct print job = { .is_receipt = true,
		.content = STR("{\"title\":\"Señal \\\"ñ\\\"\"}"),
		.brand = { .name = STR("Municipio de León"), .town = { 1, 2, 3 }, .town_line = { 255, 254, 253 } },
		.labels = { .page = STR("Página {page} de {pages}") },
		.check = { .key = STR("3F7K"), .qr = STR("https://leon.example/estado#X") },
		.code = STR("7K4M-Q2XP-9B3D"),
		.case_key = STR("K"),
		.is_sealed_apart = true,
		.seal_private_pem = STR("-----BEGIN\nx\n"),
		.claimed = { INT64_C(1779845364426) } };
	struct print back;
	CHECK_OK(print_read(t->arena, print_write(t->arena, &job), &back));
	CHECK(back.is_receipt && back.is_sealed_apart);
	CHECK_STR(back.content, "{\"title\":\"Señal \\\"ñ\\\"\"}");
	CHECK_STR(back.brand.name, "Municipio de León");
	CHECK_INT(back.brand.town.b, 3);
	CHECK_INT(back.brand.town_line.r, 255);
	CHECK_STR(back.labels.page, "Página {page} de {pages}");
	CHECK_STR(back.check.qr, "https://leon.example/estado#X");
	CHECK_STR(back.seal_private_pem, "-----BEGIN\nx\n");
	CHECK(str_is_none(back.brand.watermark));
	CHECK_INT(back.claimed.ms, INT64_C(1779845364426));
}

/* What the other side of the socket says is input like any other. */
TEST(print_job_refuses_what_is_none)
{
	struct print back;
	CHECK_ERR(print_read(t->arena, STR("{}"), &back), ERR_MALFORMED);
	CHECK_ERR(print_read(t->arena, STR("{\"numbers\":[1,2]}"), &back), ERR_MALFORMED);
	CHECK_ERR(print_read(t->arena, STR("nonsense"), &back), ERR_MALFORMED);
}
