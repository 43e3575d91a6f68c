-- Tables under names that only a server which does not tell case would know as the documented ones.

RENAME TABLE users TO Users, payments TO Payments, payment_methods TO Payment_Methods;
