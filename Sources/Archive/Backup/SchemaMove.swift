/// Statements that move all tables and functions of Earshot from one schema to another.
///
/// The schema itself keeps its name: only its owner, often another user, may rename it, and extensions such as pg_trgm stay where they are.
/// What refers to a moved object, such as a generated column to its function, refers to it still.
struct SchemaMove {
    let origin: String
    let goal: String

    /// The statement; the names are Earshot's own.
    var script: String {
        """
        DO $move$
        DECLARE item record;
        BEGIN
            FOR item IN
                SELECT relname AS name FROM pg_catalog.pg_class
                WHERE relnamespace = '\(origin)'::pg_catalog.regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
                    AND NOT EXISTS (
                        SELECT FROM pg_catalog.pg_depend
                        WHERE classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND objid = pg_class.oid AND deptype IN ('e', 'i', 'a')
                    )
            LOOP
                EXECUTE pg_catalog.format('ALTER TABLE \(origin).%I SET SCHEMA \(goal)', item.name);
            END LOOP;
            FOR item IN
                SELECT oid::pg_catalog.regprocedure AS name FROM pg_catalog.pg_proc
                WHERE pronamespace = '\(origin)'::pg_catalog.regnamespace
                    AND NOT EXISTS (
                        SELECT FROM pg_catalog.pg_depend
                        WHERE classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND objid = pg_proc.oid AND deptype = 'e'
                    )
            LOOP
                EXECUTE pg_catalog.format('ALTER ROUTINE %s SET SCHEMA \(goal)', item.name);
            END LOOP;
        END
        $move$;

        """
    }
}
