CREATE TRIGGER simulations_notify AFTER INSERT OR UPDATE ON simulations FOR EACH ROW EXECUTE FUNCTION notify_change('simulation');
