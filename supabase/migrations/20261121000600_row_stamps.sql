-- The one trigger function that keeps updated_at true on every table that has the column.

create function private.set_updated_at()
returns trigger
language plpgsql
volatile
security invoker
set search_path = ''
as $$
begin
  new.updated_at := now();
  return new;
end;
$$;

comment on function private.set_updated_at() is
  'Trigger function, before update: sets updated_at to the start of the transaction.';

create trigger settings_set_updated_at
  before update on ops.settings
  for each row execute function private.set_updated_at();
